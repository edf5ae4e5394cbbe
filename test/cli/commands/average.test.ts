/** `mixlaw predict --law average`: what it prints, and what it says where laws have no weights. */
import { expect, test } from "vitest";
import { predict } from "../../../src/predict.ts";
import { withErrors } from "../../register/back-tested.ts";
import { FILE } from "../../register/fixture.ts";
import { rowsOf, workplace } from "../command.ts";
import { mixlaw } from "../run-here.ts";

const { path, write } = workplace();
const POINT = "params=7B,tokens=150B,d0=0.2,d1=0.3,d2=0.5";
const ROW = { n_params: 7e9, n_tokens: 1.5e11, h_d0: 0.2, h_d1: 0.3, h_d2: 0.5 };

test("the average of the laws by their back-tests, and a law beside it", async () => {
  write("fit.json", JSON.stringify(withErrors({ additive: [[0.3, 0]], joint: [[-0.1, 0]] })));
  const words = ["predict", "fit.json", "--at", POINT, "--law", "average,joint"];
  const { code, stdout, stderr } = await mixlaw(words, { cwd: path("") });
  expect(code, stderr).toBe(0);
  const [row = {}] = rowsOf(stdout);
  const value = (law: string): number =>
    predict(FILE, [ROW]).find((each) => each.law === law && each.target === "loss_0")?.values[0] ?? NaN;
  expect(Number(row["pred_joint_loss_0"])).toBeCloseTo(value("joint"), 12);
  expect(Number(row["pred_average_loss_0"])).toBeCloseTo(0.25 * value("additive") + 0.75 * value("joint"), 9);
  expect(row["pred_additive_loss_0"]).toBeUndefined();
  expect(stderr).toContain("average: additive 25 % and joint 75 %, by how their errors in back-tests average out");
}); // prettier-ignore

test("without back-tests there is none", async () => {
  write("bare.json", JSON.stringify(FILE));
  const words = ["predict", "bare.json", "--at", POINT, "--law", "average"];
  const { code, stderr } = await mixlaw(words, { cwd: path("") });
  expect(code).toBe(1);
  expect(stderr).toContain(
    "--law average: bare.json has no back-tests of two laws at every target",
  );
});
