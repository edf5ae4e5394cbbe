/** The style sheet of reports and the page. */

/** Colors by variable: on light ground, and on dark. Contrast of text is 4.5 : 1 or more. */
const VARIABLES: Readonly<Record<string, readonly [light: string, dark: string]>> = {
  paper: ["#ffffff", "#14171c"],
  panel: ["#f6f7f9", "#1c2027"],
  ink: ["#1b1f24", "#e8eaed"],
  muted: ["#586069", "#a2a9b3"],
  grid: ["#dfe3e8", "#333a44"],
  accent: ["#0a5fb4", "#6cb2f5"],
  optimum: ["#0a5fb4", "#6cb2f5"],
  reference: ["#b25000", "#f0a35e"],
  uniform: ["#7a828c", "#8d96a2"],
  train: ["#0a5fb4", "#6cb2f5"],
  test: ["#c2410c", "#fb923c"],
  backtest: ["#00795c", "#3cc9a3"],
  better: ["#00795c", "#3cc9a3"],
  worse: ["#b3261e", "#f2807a"],
  warning: ["#8a5a00", "#f0c36a"],
  low: ["#74b0e4", "#43709b"],
  high: ["#0b3d6e", "#b5dcff"],
  "series-1": ["#0a5fb4", "#6cb2f5"],
  "series-2": ["#c2410c", "#fb923c"],
  "series-3": ["#00795c", "#3cc9a3"],
  "series-4": ["#9b3a86", "#e08fcd"],
  "series-5": ["#8a6a00", "#e3c14f"],
  "series-6": ["#4b4fc4", "#a5a8ff"],
  "series-7": ["#8c3b2e", "#e39b8d"],
  "series-8": ["#3f6d7d", "#8fc3d4"],
};

const variables = (ground: 0 | 1): string =>
  Object.entries(VARIABLES)
    .map(([name, values]) => `--${name}:${values[ground]}`)
    .join(";");

export const STYLE = `
:root{color-scheme:light dark;${variables(0)}}
@media (prefers-color-scheme:dark){:root{${variables(1)}}}
@media print{:root{color-scheme:light;${variables(0)}}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
main{max-width:1080px;margin:0 auto;padding:24px 20px 64px}
h1{font-size:1.7rem;line-height:1.2;margin:.2em 0}
h2{font-size:1.25rem;line-height:1.25;margin:2.4em 0 .4em;padding-top:.6em;border-top:1px solid var(--grid)}
h3{font-size:1rem;margin:0}
p{margin:.4em 0;max-width:75ch}
a{color:var(--accent)}
figure{margin:28px 0 0;break-inside:avoid}
figure>header{display:flex;flex-wrap:wrap;gap:4px 16px;align-items:baseline;justify-content:space-between}
.reading{color:var(--muted);font-size:.9rem;margin:.2em 0 .6em}
.lacks{color:var(--muted);font-size:.9rem;border-left:3px solid var(--grid);padding-left:10px}
button{font:inherit;font-size:.85rem;color:var(--accent);background:none;border:1px solid var(--grid);border-radius:6px;padding:2px 10px;cursor:pointer}
button:hover{border-color:var(--accent)}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
svg{display:block;max-width:100%;height:auto;overflow:visible;font-family:system-ui,sans-serif;font-size:12px;color:var(--ink);background:none}
.panels{display:flex;flex-wrap:wrap;gap:16px 20px}
.panel{break-inside:avoid;min-width:0}
h4{font-size:.85rem;font-weight:600;line-height:1.3;margin:1.2em 0 .3em}
.panel h4{margin:0 0 2px;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.note{color:var(--muted);font-size:.85rem;margin:.5em 0 0}
.panel .note{margin:0 0 2px}
.together{break-inside:avoid}
.legend{display:flex;flex-wrap:wrap;gap:4px 16px;font-size:.85rem;color:var(--muted);margin:.2em 0 .5em;padding:0;list-style:none}
.legend li{display:flex;align-items:center;gap:6px}
.swatch{flex:none;display:inline-block;width:14px;height:12px;border:0 solid var(--mark);print-color-adjust:exact}
.swatch.area{background:var(--mark);border-radius:3px}
.swatch.line{height:0;border-top-width:2px}
.swatch.dashed{height:0;border-top:2px dashed var(--mark)}
.swatch.band{height:5px;border-radius:2px;background:var(--mark)}
.swatch.tick{width:0;height:14px;margin:0 6px;border-left-width:3px}
.swatch.dot{width:11px;height:11px;border-radius:50%;background:var(--mark)}
.swatch.ring{width:11px;height:11px;border-radius:50%;border-width:2px}
.swatch.triangle{width:12px;height:11px;background:var(--mark);clip-path:polygon(50% 0,100% 100%,0 100%)}
.swatch.diamond{width:9px;height:13px;background:var(--mark);clip-path:polygon(50% 0,100% 50%,50% 100%,0 50%)}
.swatch.outline{border:1.5px dashed var(--mark)}
.notes{font-size:.9rem}
.side{flex:1 1 200px;max-width:280px;align-self:center}
.side .legend{flex-direction:column}
.words{text-align:left}
.scroll :is(td,th){overflow-wrap:normal}
.scroll td:not(.words){white-space:nowrap}
.scroll .broken{overflow-wrap:anywhere}
.continued :is(td,th){border-bottom:0;padding-bottom:0}
.notes ul{margin:.2em 0;padding-left:1.2em}
table{border-collapse:collapse;font-size:.9rem;font-variant-numeric:tabular-nums}
th,td{text-align:right;padding:3px 12px 3px 0;border-bottom:1px solid var(--grid);vertical-align:top}
th:first-child,td:first-child{text-align:left}
.scroll{overflow-x:auto}
.contents ul{display:flex;flex-wrap:wrap;gap:2px 18px;margin:.6em 0 0;padding:0;list-style:none;font-size:.9rem}
.summary{background:var(--panel);border-left:4px solid var(--optimum);border-radius:0 8px 8px 0;padding:12px 18px}
.summary.doubtful{border-left-color:var(--warning)}
.summary p{max-width:none}
.summary .lead{font-size:1.2rem;line-height:1.35;font-weight:600}
.words h4{font-size:.9rem;margin:1.1em 0 .3em}
.words ul,.words dl{max-width:88ch}
.findings{margin:0;padding:0;list-style:none}
.findings li{display:flex;gap:2px 12px;padding:5px 0;border-top:1px solid var(--grid)}
.words dl{margin:0}
.words dt{font-size:.9rem;color:var(--muted);margin-top:.5em}
.words dd{margin:0 0 0 1.2em}
.words pre{white-space:pre-wrap;background:var(--panel);border-radius:6px;padding:8px 12px;margin:.2em 0 .8em;font-size:.82rem;max-height:24em;overflow:auto}
.words .caption{color:var(--muted);font-size:.9rem;margin:.6em 0 0}
.tag{flex:0 0 4.6em;font-size:.8rem;line-height:1.9;color:var(--muted)}
.tag.warning{color:var(--warning)}
.tag.failed{color:var(--worse)}
@media print{
  @page{size:A4;margin:14mm}
  main{max-width:none;padding:0}
  body{font-size:10.5pt}
  button,.screen{display:none}
  h2,h3,h4{break-after:avoid}
  .words{break-inside:auto}
  .words pre{max-height:none;overflow:visible}
  .words li,.words p,.summary{break-inside:avoid}
  .contents{display:none}
}
`;
