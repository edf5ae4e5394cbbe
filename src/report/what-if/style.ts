/** The style sheet of the sliders. */
export const WHAT_IF_STYLE = `
.what-if{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1fr);gap:20px 44px;align-items:start}
.what-if fieldset{border:0;margin:0 0 18px;padding:0;min-width:0}
.what-if legend{font-weight:600;font-size:.9rem;padding:0;margin:0 0 6px}
.what-if .choices{display:flex;flex-wrap:wrap;gap:6px;margin:0 0 8px}
.what-if select,.what-if input[type=text]{font:inherit;font-size:.85rem;color:var(--ink);background:var(--paper);border:1px solid var(--grid);border-radius:6px;padding:2px 6px;min-width:0;max-width:100%}
.what-if .slider{display:grid;grid-template-columns:minmax(3em,8.5em) minmax(0,1fr) 5.4em 2em;gap:2px 10px;align-items:center;min-height:30px}
.what-if .slider .name{font-size:.9rem;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.what-if small{color:var(--muted);font-size:.8rem;font-weight:400}
.what-if .heads{min-height:0}
.what-if .heads span{grid-column:4;justify-self:center;font-size:.75rem;line-height:1.2;color:var(--muted);white-space:nowrap}
.what-if .slider input[type=text]{width:100%;text-align:right;font-variant-numeric:tabular-nums}
.what-if .slider input[aria-invalid]{border-color:var(--worse)}
.what-if .hold{display:flex;justify-content:center}
.what-if input{accent-color:var(--accent)}
.what-if .track{position:relative;display:block;height:24px}
.what-if .track input{position:relative;width:100%;height:24px;margin:0;display:block}
.what-if .band,.what-if .tick{position:absolute;pointer-events:none}
.what-if .band{bottom:0;height:3px;border-radius:2px;background:var(--muted);opacity:.45;left:calc(8px + (100% - 16px)*var(--from));width:max(3px,calc((100% - 16px)*(var(--to) - var(--from))))}
.what-if .tick{top:2px;height:20px;width:2px;margin-left:-1px;background:var(--optimum);left:calc(8px + (100% - 16px)*var(--at))}
.what-if .status{min-height:1.5em;line-height:1.5;font-size:.85rem;color:var(--warning);margin:0}
.what-if .results{position:sticky;top:16px}
.what-if table{width:100%}
.what-if th{font-weight:600}
.what-if td,.what-if th{padding:3px 0 3px 10px;line-height:1.3;white-space:nowrap}
.what-if th[scope=row]{white-space:normal;overflow-wrap:anywhere;min-width:6em}
.what-if td small,.what-if th small{display:block}
.what-if td:first-child,.what-if th:first-child{padding-left:0}
.what-if tr.objective>*{border-bottom:2px solid var(--grid);font-weight:600}
.what-if ul{margin:.6em 0 0;padding:0;list-style:none;font-size:.85rem}
.what-if li{margin:.35em 0;padding-left:10px;border-left:3px solid var(--grid)}
.what-if li.warning{border-left-color:var(--warning)}
.what-if summary{cursor:pointer;font-size:.85rem;color:var(--muted)}
.what-if .better{color:var(--better)}
.what-if .worse{color:var(--worse)}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.paper,.brief{display:none}
@media (max-width:820px){.what-if{grid-template-columns:minmax(0,1fr)}.what-if .results{position:static}.what-if input,.what-if select,.what-if button{scroll-margin-bottom:64px}.what-if .brief{display:block;position:sticky;bottom:0;margin:8px -20px 0;max-width:none;padding:6px 20px;background:var(--panel);border-top:1px solid var(--grid);font-size:.85rem;font-variant-numeric:tabular-nums;z-index:1}}
@media (max-width:480px){.what-if table{font-size:.74rem}.what-if table small{font-size:.68rem}.what-if td,.what-if th{padding-left:6px}.what-if th[scope=row]{min-width:4.5em}.what-if .slider{grid-template-columns:minmax(0,1fr) 5.4em 2em}.what-if .heads span{grid-column:3}.what-if .slider .name{grid-row:1}.what-if .slider .track{grid-row:2;grid-column:1/-1}}
@media print{.what-if{display:block}.what-if .controls{display:none}.what-if .results{position:static}.paper{display:block}}
`;
