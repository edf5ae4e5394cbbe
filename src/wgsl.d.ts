/**
 * A shader file imported as text: esbuild's text loader in the build, a one-function plugin in the
 * tests.
 */
declare module "*.wgsl" {
  const text: string;
  export { text as default };
}
