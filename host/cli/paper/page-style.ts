/** How a report looks: light and dark, on a wide page and on a telephone. */
export const PAGE_STYLE = `
:root{color-scheme:light dark;--page:#fff;--ink:#1f2328;--line:#d0d7de;--soft:#57606a;--card:#f6f8fa;--link:#0550ae;--good:#116329;--good-page:#dafbe1;--half:#7d4e00;--half-page:#fff8c5;--bad:#a40e26;--bad-page:#ffebe9}
@media (prefers-color-scheme:dark){:root{--page:#0d1117;--ink:#e6edf3;--line:#30363d;--soft:#9198a1;--card:#161b22;--link:#79c0ff;--good:#7ee787;--good-page:#12261e;--half:#e3b341;--half-page:#272115;--bad:#ffa198;--bad-page:#2d1215}}
*{box-sizing:border-box}
body{font:16px/1.55 system-ui,sans-serif;margin:0;background:var(--page);color:var(--ink)}
a{color:var(--link)}
main{max-width:72rem;margin:0 auto;padding:1.5rem 1.2rem 4rem}main>section>p,.verdict,figcaption{max-width:56rem}
nav{font-size:.9rem}nav ol{padding-left:1.2rem;columns:17rem;column-gap:2.2rem;margin:.5rem 0}nav li{break-inside:avoid}nav summary{cursor:pointer;font-weight:600}
h1{font-size:1.7rem;line-height:1.25;margin:.5rem 0}h2{font-size:1.3rem;margin:3rem 0 .5rem;padding-top:1rem;border-top:1px solid var(--line)}
h3{font-size:1.02rem;margin:2rem 0 .3rem}
.soft,figcaption{color:var(--soft);font-size:.92rem}
.counts{display:flex;flex-wrap:wrap;gap:.6rem;margin:1rem 0;padding:0;list-style:none}.counts li{padding:.5rem .9rem;border-radius:8px;font-weight:600}
.claims{list-style:none;padding:0;margin:0}.claims li{display:grid;grid-template-columns:8.2rem 1fr auto;gap:0 .8rem;padding:.4rem 0;border-bottom:1px solid var(--line);align-items:start;font-size:.95rem}.claims small{display:block;color:var(--soft)}.claims .soft{text-align:right;max-width:14rem}
.chip{display:inline-block;padding:.05rem .55rem;border-radius:1rem;font-size:.82rem;font-weight:600;white-space:nowrap}
.good{color:var(--good);background:var(--good-page)}.half{color:var(--half);background:var(--half-page)}.bad{color:var(--bad);background:var(--bad-page)}
.wide{overflow-x:auto;margin:.5rem 0}
table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:.86rem}
th,td{padding:.28rem .7rem .28rem 0;border-bottom:1px solid var(--line);text-align:right;white-space:nowrap;vertical-align:top}
thead th{color:var(--soft);font-weight:600;border-bottom-width:2px}
th:first-child,td:first-child{text-align:left;position:sticky;left:0;background:var(--page)}
td.words{white-space:normal;min-width:8.5rem;max-width:15rem}
td small{color:var(--soft);display:block;font-size:.78rem}td .paper{color:var(--link)}
.verdict{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:.7rem .9rem;margin:.7rem 0}
.verdict p{margin:.3rem 0}.verdict .soft code{font-size:.8rem;overflow-wrap:anywhere}
.verdict .number{font-size:.92rem}.verdict ul.number{margin:.3rem 0;padding-left:1.1rem}.verdict .number b{font-weight:600}
figure{margin:1.5rem 0}figure svg{max-width:100%;height:auto;display:block}
pre{overflow-x:auto;background:var(--card);border:1px solid var(--line);border-radius:6px;padding:.75rem;font-size:.85rem}
@media (max-width:40rem){.claims li{grid-template-columns:1fr}.claims .soft{text-align:left;max-width:none}.claims .chip{justify-self:start}main{padding:1rem .8rem 3rem}h1{font-size:1.35rem}h2{font-size:1.15rem}th:first-child,td:first-child{max-width:9.5rem;white-space:normal}}
@media print{nav{display:none}.verdict{break-inside:avoid}}
`;
