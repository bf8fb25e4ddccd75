/** The page's whole style: no font, script or image is loaded from anywhere. */
export const HTML_STYLE = `
:root { color-scheme: light dark; --ink:#1b1f24; --dim:#5b6570; --line:#d9dee4; --paper:#fff; --panel:#f6f8fa; --good:#1a7f37; --bad:#cf222e; --warn:#9a6700; --bar:#4c8dd6; }
@media (prefers-color-scheme: dark) { :root { --ink:#e6edf3; --dim:#9198a1; --line:#30363d; --paper:#0d1117; --panel:#161b22; --good:#3fb950; --bad:#f85149; --warn:#d29922; --bar:#58a6ff; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: 68rem; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; margin: 0 0 .25rem; } h2 { font-size: 1.05rem; margin: 2rem 0 .5rem; } h3 { font-size: .95rem; margin: 0 0 .4rem; }
.dim { color: var(--dim); } .good { color: var(--good); } .bad { color: var(--bad); } .warn { color: var(--warn); }
.badge { display: inline-block; padding: .1rem .6rem; border-radius: 1rem; color: var(--paper); font-size: .85rem; font-weight: 600; vertical-align: .15em; }
.badge.good { background: var(--good); } .badge.bad { background: var(--bad); }
.flow { display: flex; flex-wrap: wrap; gap: .5rem 0; margin: 1.25rem 0; } .leg { display: flex; align-items: stretch; }
.stage { border: 1px solid var(--line); border-top: 4px solid var(--good); border-radius: .5rem; padding: .6rem .9rem; background: var(--panel); min-width: 8.5rem; }
.stage.lossy { border-top-color: var(--bad); } .stage.off { border-top-color: var(--warn); } .stage.idle { border-top-color: var(--line); }
.stage b { display: block; font-size: 1.5rem; line-height: 1.2; font-variant-numeric: tabular-nums; } .stage small { color: var(--dim); overflow-wrap: anywhere; display: block; max-width: 10.5rem; }
.arrow { align-self: center; padding: 0 .6rem; color: var(--dim); text-align: center; min-width: 5rem; } .arrow .bad { font-weight: 600; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: right; white-space: nowrap; padding: .35rem .6rem; border-bottom: 1px solid var(--line); font-variant-numeric: tabular-nums; vertical-align: top; }
th { color: var(--dim); font-weight: 600; font-size: .8rem; } th:first-child, td:first-child, .left { text-align: left; }
.scroll { overflow-x: auto; }
code, pre { font: 12.5px/1.5 ui-monospace, "SF Mono", Menlo, Consolas, monospace; } pre { background: var(--panel); border: 1px solid var(--line); border-radius: .4rem; padding: .6rem .8rem; overflow-x: auto; white-space: pre-wrap; overflow-wrap: anywhere; margin: .4rem 0 .8rem; } td code { overflow-wrap: anywhere; white-space: normal; }
ul.reasons { list-style: none; padding: 0; margin: .5rem 0; } ul.reasons li { padding: .25rem 0 .25rem 1.4rem; position: relative; } ul.reasons li::before { content: "✗"; color: var(--bad); position: absolute; left: 0; } ul.reasons li.cause::before { content: "→"; color: var(--warn); } ul.reasons li.hint::before { content: "·"; color: var(--dim); }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(18rem, 1fr)); gap: 1rem; } .chart { border: 1px solid var(--line); border-radius: .5rem; padding: .8rem 1rem; background: var(--panel); }
svg { display: block; width: 100%; height: auto; } svg text { fill: var(--dim); font: 10px system-ui, sans-serif; } svg .bar { fill: var(--bar); } svg .axis { stroke: var(--line); }
details { border: 1px solid var(--line); border-radius: .5rem; padding: .5rem 1rem; margin: .75rem 0; } summary { cursor: pointer; font-weight: 600; }
`;
