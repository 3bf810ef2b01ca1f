/** The page's style sheet: one column, wider on wide screens, light or dark like the reader's system. */
export const STYLE = `
:root { color-scheme: light dark;
  --page: #fbfbfa; --card: #fff; --text: #1c2024; --muted: #60646c; --line: #d9d9e0;
  --accent: #0d74ce; --right: #18794e; --wrong: #ce2c31; }
@media (prefers-color-scheme: dark) { :root {
  --page: #111113; --card: #18191b; --text: #edeef0; --muted: #b0b4ba; --line: #363a3f;
  --accent: #70b8ff; --right: #3dd68c; --wrong: #ff9592; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text);
  font: 16px/1.55 system-ui, -apple-system, 'Segoe UI', 'Noto Sans KR', 'Noto Sans CJK KR', 'Malgun Gothic', sans-serif; }
main { max-width: 62rem; margin: 0 auto; padding: 2rem 1rem 4rem; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 .5rem; }
h2 { font-size: 1.25rem; margin: 3rem 0 .5rem; }
h3 { font-size: 1rem; margin: 1.5rem 0 .5rem; }
p { max-width: 46rem; }
.muted, caption { color: var(--muted); }
.cards { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(13rem, 1fr)); margin: 1.5rem 0; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: .75rem; padding: 1rem 1.25rem; }
.card h2 { margin: 0; font-size: 1rem; color: var(--muted); font-weight: 500; text-transform: capitalize; }
.card .figure { font-size: 2.25rem; font-weight: 650; font-variant-numeric: tabular-nums; line-height: 1.2; }
.card p { margin: .25rem 0 0; font-size: .875rem; color: var(--muted); }
figure { margin: 1rem 0; background: var(--card); border: 1px solid var(--line); border-radius: .75rem; padding: 1rem; }
figure svg { display: block; width: 100%; height: auto; margin: 0 auto; max-width: 38rem; }
figure svg.heat { max-width: 48rem; }
figcaption { color: var(--muted); font-size: .875rem; margin-top: .5rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; padding: .25rem 0; font-size: .875rem; }
th, td { text-align: left; padding: .4rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; }
th { font-weight: 600; } .number { text-align: right; white-space: nowrap; }
tr.strong td, tr.strong th { font-weight: 650; background: color-mix(in srgb, var(--accent) 9%, transparent); }
details { border: 1px solid var(--line); border-radius: .5rem; margin: .5rem 0; background: var(--card); }
summary { cursor: pointer; padding: .6rem .9rem; } details > div { padding: 0 .9rem .9rem; }
summary:focus-visible, a:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
ul.examples { margin: .2rem 0 0; padding-left: 1.1rem; color: var(--muted); }
ul.legend { display: flex; flex-wrap: wrap; gap: .25rem 1rem; margin: .75rem 0 0; padding: 0; list-style: none; font-size: .8rem; }
ul.legend i { display: inline-block; width: .7rem; height: .7rem; border-radius: 50%; margin-right: .35rem; }
th small, td.number small { display: block; font-weight: 400; color: var(--muted); }
table.systems th[scope=row] { min-width: 12rem; } td.name { white-space: nowrap; }
.up { color: var(--right); } .down { color: var(--wrong); }
@media print { details > div { display: block; } }
`
