/**
 * A report as one HTML file. It holds the data of its views and the program that draws them, and
 * loads nothing: its content security policy allows that one script and no request.
 */
import { sha256Base64 } from "../base/sha256.ts";
import { packed } from "../views/kit/packed.ts";
import { STYLE } from "../views/kit/style.ts";
import { WHAT_IF_STYLE } from "./what-if/style.ts";
import { DATA_ID, type Report } from "./report-data.ts";

/**
 * The file's text.
 *
 * @param app the program that draws, of `src/report/app`
 */
export function reportHtml(report: Report, app: string): string {
  // A script ends at the first "</script", whatever stands around it.
  const script = app.replaceAll("</script", "<\\/script");
  const data = packed(report).replaceAll("<", "\\u003c");
  const policy = `default-src 'none'; script-src 'sha256-${sha256Base64(script)}'; style-src 'unsafe-inline'; img-src data: blob:; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="generator" content="mixlaw">
<title>${escaped(report.title)}</title>
<style>${STYLE}${WHAT_IF_STYLE}</style>
</head>
<body>
<main id="report"><noscript><p>This report draws its pictures with JavaScript, which is switched off here.</p></noscript></main>
<script type="application/json" id="${DATA_ID}">${data}</script>
<script>${script}</script>
</body>
</html>
`;
}

const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
