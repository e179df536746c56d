/**
 * The page's one script: colour scheme, values of marks by pointer and by keyboard, tables and downloads of data. The page can be read without it. Its hash is what
 * the page's policy allows; `test/package/report.test.ts` keeps the two together.
 */
export const script = `
(() => {
  const root = document.documentElement;
  const button = document.getElementById('scheme');
  const isDark = () => root.dataset.scheme ? root.dataset.scheme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  const name = () => { button.textContent = isDark() ? 'Light colours' : 'Dark colours'; };
  button.hidden = false;
  button.addEventListener('click', () => { root.dataset.scheme = isDark() ? 'light' : 'dark'; name(); });
  name();

  const tip = document.createElement('div');
  tip.className = 'tip';
  tip.hidden = true;
  tip.setAttribute('aria-hidden', 'true');
  const spoken = document.createElement('p');
  spoken.className = 'sr';
  spoken.setAttribute('role', 'status');
  document.body.append(tip, spoken);

  const known = new WeakMap();
  const marksOf = (plot) => {
    if (!known.has(plot)) {
      const svg = plot.querySelector('svg');
      const texts = new Map();
      for (const title of svg.querySelectorAll('title')) {
        if (title.parentNode === svg) continue;
        texts.set(title.parentNode, title.textContent);
      }
      for (const mark of texts.keys()) mark.querySelector('title').remove();
      known.set(plot, { texts, list: [...texts.keys()], at: -1 });
    }
    return known.get(plot);
  };
  let on;
  const hide = () => { tip.hidden = true; if (on) on.classList.remove('on'); on = undefined; };
  const show = (mark, text, x, y) => {
    if (on !== mark) { hide(); on = mark; mark.classList.add('on'); }
    tip.textContent = text;
    tip.hidden = false;
    const box = tip.getBoundingClientRect();
    const left = Math.max(4, Math.min(x + 12, innerWidth - box.width - 4));
    const top = y + 18 + box.height > innerHeight ? y - box.height - 10 : y + 18;
    tip.style.transform = 'translate(' + Math.round(left) + 'px,' + Math.round(Math.max(4, top)) + 'px)';
  };
  for (const plot of document.querySelectorAll('.plot')) {
    const point = (event) => {
      const { texts } = marksOf(plot);
      const mark = event.target.closest && event.target.closest('path,circle,rect,line,text');
      if (mark && texts.has(mark)) show(mark, texts.get(mark), event.clientX, event.clientY); else hide();
    };
    plot.addEventListener('pointermove', point);
    plot.addEventListener('pointerdown', point);
    plot.addEventListener('pointerleave', hide);
    plot.addEventListener('blur', hide);
    plot.addEventListener('keydown', (event) => {
      const marks = marksOf(plot);
      const last = marks.list.length - 1;
      if (event.key === 'Escape') return hide();
      const to = { ArrowRight: marks.at + 1, ArrowLeft: marks.at - 1, ArrowDown: marks.at + 10, ArrowUp: marks.at - 10, Home: 0, End: last }[event.key];
      if (to === undefined || last < 0) return;
      event.preventDefault();
      marks.at = Math.max(0, Math.min(last, to));
      const mark = marks.list[marks.at];
      const box = mark.getBoundingClientRect();
      show(mark, marks.texts.get(mark), box.left + box.width / 2, box.top + box.height / 2);
      spoken.textContent = marks.texts.get(mark);
    });
  }

  const LONGEST = 200;
  const dataOf = (figure) => JSON.parse(figure.querySelector('script').textContent);
  const cell = (value) => { const text = String(value); return /[",\\n\\r]/.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text; };
  for (const figure of document.querySelectorAll('figure')) {
    figure.querySelector('.download').addEventListener('click', (event) => {
      event.preventDefault();
      const { columns, rows } = dataOf(figure);
      const csv = [columns, ...rows].map((row) => row.map(cell).join(',')).join('\\r\\n') + '\\r\\n';
      const link = document.createElement('a');
      link.href = URL.createObjectURL(new Blob([csv], { type: 'text/csv' }));
      link.download = event.currentTarget.download;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    });
    figure.querySelector('details').addEventListener('toggle', () => {
      const box = figure.querySelector('.data');
      if (box.firstElementChild) return;
      const { columns, rows } = dataOf(figure);
      const table = document.createElement('table');
      const add = (parent, values, kind) => { const row = parent.insertRow(); for (const value of values) { const c = document.createElement(kind); c.textContent = value; if (typeof value === 'number') c.className = 'n'; row.append(c); } };
      table.createCaption().textContent = rows.length > LONGEST ? 'The first ' + LONGEST + ' of ' + rows.length + ' rows; all are in the download.' : rows.length + ' rows';
      add(table.createTHead(), columns, 'th');
      const body = table.createTBody();
      for (const row of rows.slice(0, LONGEST)) add(body, row, 'td');
      const scroll = document.createElement('div');
      scroll.className = 'scroll';
      scroll.tabIndex = 0;
      scroll.setAttribute('role', 'region');
      scroll.setAttribute('aria-label', 'data');
      scroll.append(table);
      box.append(scroll);
    });
  }
  root.dataset.ready = '';
})();
`;

/** SHA-256 of `script`, as a Content-Security-Policy wants it. */
export const scriptHash = 'sha256-qIKf3B1E8o9Kq+3nuKKmnBPvSO+8DYBQ5WrUdGLoMWY=';
