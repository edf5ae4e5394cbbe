/** NIST's StRD problems as formulas, and one of them in full. */

/** The models of the files' headers (https://www.itl.nist.gov/div898/strd/nls/nls_main.shtml). */
export const FORMULAS: Readonly<Record<string, string>> = {
  Chwirut1: "y = exp(-b1*x)/(b2 + b3*x)",
  Chwirut2: "y = exp(-b1*x)/(b2 + b3*x)",
  DanWood: "y = b1*x^b2",
  Gauss1: "y = b1*exp(-b2*x) + b3*exp(-(x-b4)^2/b5^2) + b6*exp(-(x-b7)^2/b8^2)",
  Gauss2: "y = b1*exp(-b2*x) + b3*exp(-(x-b4)^2/b5^2) + b6*exp(-(x-b7)^2/b8^2)",
  Hahn1: "y = (b1 + b2*x + b3*x^2 + b4*x^3)/(1 + b5*x + b6*x^2 + b7*x^3)",
  Kirby2: "y = (b1 + b2*x + b3*x^2)/(1 + b4*x + b5*x^2)",
  Lanczos1: "y = b1*exp(-b2*x) + b3*exp(-b4*x) + b5*exp(-b6*x)",
  Lanczos3: "y = b1*exp(-b2*x) + b3*exp(-b4*x) + b5*exp(-b6*x)",
  MGH09: "y = b1*(x^2 + x*b2)/(x^2 + x*b3 + b4)",
  MGH17: "y = b1 + b2*exp(-x*b4) + b3*exp(-x*b5)",
  Misra1a: "y = b1*(1 - exp(-b2*x))",
  Misra1b: "y = b1*(1 - (1 + b2*x/2)^(-2))",
  Misra1c: "y = b1*(1 - (1 + 2*b2*x)^(-0.5))",
  Misra1d: "y = b1*b2*x*(1 + b2*x)^(-1)",
  Nelson: "log(y) = b1 - b2*x1*exp(-b3*x2)",
  Rat42: "y = b1/(1 + exp(b2 - b3*x))",
  Roszman1: "y = b1 - b2*x - atan(b3/(x - b4))/pi",
};

/**
 * BoxBOD (Box, Hunter & Hunter 1978, Statistics for Experimenters): six measurements in the format
 * of the files.
 */
export const BOXBOD = `NIST/ITL StRD
Dataset Name:  BoxBOD            (BoxBOD.dat)

File Format:   ASCII
               Starting Values   (lines 21 to 22)
               Certified Values  (lines 21 to 27)
               Data              (lines 33 to 38)

Procedure:     Nonlinear Least Squares Regression

Model:         Exponential Class
               2 Parameters (b1 and b2)

               y = b1*(1-exp[-b2*x])  +  e


          Starting values                  Certified Values

        Start 1     Start 2           Parameter     Standard Deviation

  b1 =   1           100           2.1380940889E+02  1.2354515176E+01
  b2 =   1             0.75        5.4723748542E-01  1.0455993237E-01

Residual Sum of Squares:                    1.1680088766E+03
Residual Standard Deviation:                1.7088072423E+01
Degrees of Freedom:                                4
Number of Observations:                            6




Data:   y             x
      109             1
      149             2
      149             3
      191             5
      213             7
      224            10
`;
