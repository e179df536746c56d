/** The page's one style sheet. Text reaches 4.5:1 and marks 3:1 on their surface in both schemes; a test computes it from these values. */
export const light = {
  page: '#f6f5f1',
  surface: '#ffffff',
  ink: '#1d232b',
  soft: '#565e69',
  line: '#d9d7d0',
  grid: '#dcdad3',
  blue: '#1f6bb0',
  green: '#0c7a55',
  purple: '#7a4fae',
  orange: '#a95400',
  red: '#c2362f',
  brown: '#80572f',
  grey: '#666c75',
  teal: '#0f7685',
  'ramp-1': '#4d8fbf',
  'ramp-2': '#3f6fb5',
  'ramp-3': '#5a4fa8',
  'ramp-4': '#7a2d8c',
  'ramp-5': '#5c0f52',
} as const;

export const dark: Record<keyof typeof light, string> = {
  page: '#12161b',
  surface: '#1a1f26',
  ink: '#e8ebef',
  soft: '#a9b2bd',
  line: '#333b46',
  grid: '#333b46',
  blue: '#74b3f0',
  green: '#4cc79a',
  purple: '#c29df0',
  orange: '#f0a04b',
  red: '#f5877f',
  brown: '#d3aa7e',
  grey: '#9aa3ae',
  teal: '#58c4d4',
  'ramp-1': '#4c7fb3',
  'ramp-2': '#5e9ad0',
  'ramp-3': '#8fb8e0',
  'ramp-4': '#e6c06a',
  'ramp-5': '#fff0a8',
};

function variables(scheme: Record<string, string>): string {
  return Object.entries(scheme)
    .map(([name, value]) => `--spinifex-${name}:${value}`)
    .join(';');
}

const branches = ['blue', 'brown', 'orange', 'green', 'purple', 'red', 'grey']
  .map((name) => `.${name}{--branch:var(--spinifex-${name})}`)
  .join('\n');

export const style = `
:root{color-scheme:light;${variables(light)}}
@media(prefers-color-scheme:dark){:root:not([data-scheme=light]){color-scheme:dark;${variables(dark)}}}
:root[data-scheme=dark]{color-scheme:dark;${variables(dark)}}
${branches}
*{box-sizing:border-box}
html{scroll-behavior:smooth;-webkit-text-size-adjust:100%}
@media(prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
body{margin:0;background:var(--spinifex-page);color:var(--spinifex-ink);font:1rem/1.6 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;overflow-wrap:break-word}
body::before{content:"";display:block;height:5px;background:linear-gradient(90deg,var(--spinifex-blue) 0 16.6%,var(--spinifex-brown) 0 33.3%,var(--spinifex-orange) 0 50%,var(--spinifex-green) 0 66.6%,var(--spinifex-purple) 0 83.3%,var(--spinifex-red) 0)}
header,main,footer{max-width:70rem;margin:0 auto;padding:0 1.25rem}
header{display:flex;flex-wrap:wrap;gap:.5rem 1rem;align-items:flex-start;justify-content:space-between;padding-top:2rem}
header>div{flex:1 1 18rem}
h1{font-size:clamp(1.7rem,4.5vw,2.5rem);line-height:1.15;letter-spacing:-.02em;margin:0 0 .4rem}
h2{font-size:clamp(1.3rem,3vw,1.65rem);line-height:1.25;letter-spacing:-.01em;margin:0 0 .8rem}
h3{font-size:1.08rem;margin:1.8rem 0 .5rem}
p{margin:0 0 .9rem;max-width:68ch}
a{color:var(--spinifex-blue);text-underline-offset:.15em}
a:focus-visible,button:focus-visible,summary:focus-visible,[tabindex]:focus-visible{outline:3px solid var(--spinifex-blue);outline-offset:3px;border-radius:4px}
.lead,.place,.soft,caption{color:var(--spinifex-soft)}
.lead{font-size:1.08rem}
.skip{position:absolute;left:-999rem}
.skip:focus{left:1rem;top:1rem;background:var(--spinifex-surface);padding:.6rem 1rem;z-index:3}
.sr{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
button{font:inherit;font-size:.92rem;color:inherit;background:var(--spinifex-surface);border:1px solid var(--spinifex-line);border-radius:999px;padding:.45rem 1rem;cursor:pointer}
button:hover{border-color:var(--spinifex-soft)}
section{background:var(--spinifex-surface);border:1px solid var(--spinifex-line);border-top:4px solid var(--branch);border-radius:10px;padding:1.5rem clamp(1rem,3vw,2rem);margin:0 0 1.5rem;scroll-margin-top:1rem}
section>:last-child{margin-bottom:0}
.place{font-size:.82rem;letter-spacing:.06em;text-transform:uppercase;margin:0 0 .25rem}
section>.place{color:var(--branch);font-weight:600}
.numbers{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,13.5rem),1fr));gap:.75rem;margin:1.5rem 0;padding:0;list-style:none}
.numbers li{background:var(--spinifex-surface);border:1px solid var(--spinifex-line);border-left:4px solid var(--branch);border-radius:8px;padding:.8rem 1rem}
.numbers b{display:block;font-size:1.6rem;line-height:1.2;letter-spacing:-.02em;font-variant-numeric:tabular-nums}
.numbers span{font-size:.92rem;color:var(--spinifex-soft);line-height:1.4;display:block}
.map{margin:2rem 0}
.root{width:fit-content;max-width:100%;margin:0 auto;padding:.6rem 1.4rem;border:2px solid var(--spinifex-ink);border-radius:999px;background:var(--spinifex-surface);font-weight:650;text-align:center}
.stem{width:2px;height:1.3rem;background:var(--spinifex-soft);margin:0 auto}
.branches{display:grid;grid-template-columns:repeat(6,1fr);gap:.7rem;list-style:none;margin:0;padding:0;position:relative}
.branches::before{content:"";position:absolute;top:0;left:8.33%;right:8.33%;border-top:2px solid var(--spinifex-soft)}
.branches>li{position:relative;padding-top:1.3rem;display:flex;flex-direction:column}
.branches>li::before{content:"";position:absolute;top:0;left:50%;height:1.3rem;border-left:2px solid var(--branch)}
.group{border:2px dashed var(--branch);border-radius:10px;padding:.7rem .6rem;background:var(--spinifex-surface);flex:1}
.group h3{margin:0 0 .5rem;font-size:.92rem;color:var(--branch);text-align:center;line-height:1.3}
.group ol{list-style:none;margin:0;padding:0}
.group li+li::before{content:"↓";display:block;text-align:center;color:var(--branch);line-height:1.3}
.node{display:block;border:1px solid var(--branch);border-radius:7px;padding:.4rem .5rem;color:inherit;text-decoration:none;text-align:center;line-height:1.3;font-size:.9rem}
.node:hover{background:color-mix(in srgb,var(--branch) 12%,transparent)}
.node i{display:block;font:italic .84rem/1.4 Georgia,"Times New Roman",serif;color:var(--spinifex-soft);margin-top:.15rem}
.equation{border-left:4px solid var(--branch);padding:.3rem 0 .3rem 1.1rem;margin:0 0 1.1rem}
.equation p{margin:0;color:var(--spinifex-soft);font-size:.95rem}
.equation .formula{font:1.2rem/1.6 Georgia,"Times New Roman",serif;color:var(--spinifex-ink);margin:0 0 .2rem}
.absent{border:1px dashed var(--spinifex-soft);border-radius:8px;padding:.8rem 1rem}
.beside{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,25rem),1fr));gap:0 2rem;align-items:start}.beside .figures{margin-top:0}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,25rem),1fr));gap:1.5rem 2rem;align-items:start;margin:1.4rem 0}
figure{margin:0;min-width:0}
figure.wide{grid-column:1/-1}
figcaption{font-weight:650;margin:0 0 .5rem}
.plot{border-radius:6px;overflow-x:auto;margin-bottom:.4rem}
.plot svg{display:block;width:100%;height:auto;max-width:calc(var(--w)*1.12)}
.wide .plot svg{min-width:calc(var(--w)*.68);max-width:calc(var(--w)*1.3);margin:0 auto}
.plot .on{stroke:var(--spinifex-ink);stroke-width:3px;stroke-opacity:1}
details{font-size:.95rem}
summary{cursor:pointer;color:var(--spinifex-blue);width:fit-content;padding:.15rem 0}
details>p{margin:.5rem 0}
.scroll{position:relative;overflow-x:auto;max-width:100%;margin:0 0 1.1rem}
.data .scroll{max-height:22rem;overflow:auto}
table{border-collapse:collapse;font-size:.9rem;font-variant-numeric:tabular-nums;min-width:min(100%,24rem)}
caption{text-align:left;padding:.2rem 0 .5rem;font-size:.9rem}
caption span{display:inline-block;max-width:calc(100vw - 4rem)}
.pm{display:block;font-size:.82rem;color:var(--spinifex-soft)}
th,td{padding:.4rem .6rem;border-bottom:1px solid var(--spinifex-line);text-align:left;vertical-align:top}
thead th{border-bottom:2px solid var(--spinifex-soft);font-weight:600;vertical-align:bottom;line-height:1.3}
tbody th{font-weight:500;min-width:8rem;position:sticky;left:0;background:var(--spinifex-surface)}
td.n,th.n{text-align:right}td.n{white-space:nowrap}
.ours th,.ours td{background:color-mix(in srgb,var(--spinifex-green) 12%,var(--spinifex-surface))}
.ours th{box-shadow:inset 4px 0 var(--spinifex-green)}
.best{font-weight:700}
.best::after{content:" ★";color:var(--spinifex-orange)}
.badge{display:inline-block;font-size:.8rem;font-weight:600;border:1px solid currentColor;border-radius:999px;padding:0 .5rem;margin-left:.3rem;color:var(--spinifex-green);white-space:nowrap}
.no{color:var(--spinifex-orange)}
.why{display:inline-block;min-width:14rem}
.tip{position:fixed;z-index:2;left:0;top:0;pointer-events:none;max-width:min(20rem,90vw);background:var(--spinifex-ink);color:var(--spinifex-surface);font-size:.88rem;line-height:1.35;padding:.35rem .65rem;border-radius:6px}
footer{padding-bottom:3rem;font-size:.92rem;color:var(--spinifex-soft)}
@media(max-width:64rem){.branches{grid-template-columns:repeat(3,1fr)}.branches::before{display:none}}
@media(max-width:40rem){section{padding:1.2rem .8rem;margin-left:-.3rem;margin-right:-.3rem}tbody th{min-width:6.5rem;max-width:8rem}th,td{padding:.35rem .45rem}
.numbers{grid-template-columns:1fr 1fr;gap:.5rem}.numbers li{padding:.6rem .7rem}.numbers b{font-size:1.3rem}
header,main,footer{padding-left:.8rem;padding-right:.8rem}
.branches{grid-template-columns:1fr;gap:0;padding-left:.9rem;border-left:2px solid var(--spinifex-soft);margin-left:.4rem}
.branches>li{padding-top:.8rem}.branches>li::before{left:-.9rem;top:2rem;height:0;width:.9rem;border-left:0;border-top:2px solid var(--branch)}
.root{margin-left:0;border-radius:14px;text-align:left}.stem{margin-left:.4rem;background:var(--spinifex-soft)}}
@media print{.skip,button,.download{display:none}section{break-inside:avoid-page}}
`;
