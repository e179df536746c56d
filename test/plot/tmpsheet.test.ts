import { writeFileSync } from 'node:fs';
import { test } from 'vitest';
import { sampleReport } from '../city/sampleReport.ts';
import { cityReportPage, cityReportCharts } from '../../src/city/report/index.ts';
test('x', () => {
  for (const [name, o] of [['small', {}], ...(process.env.BIG ? [['big', {side: 20, observed: 0.57}]] : [])] as any) {
  const r = sampleReport(o);
  let t = performance.now();
  const p = cityReportPage(r);
  console.log(name, 'page ms', performance.now() - t, 'bytes', p.length, r.city.links.length, r.city.trips!.nnz);
  for (const c of cityReportCharts(r)) console.log(c.id, c.svg.length, c.data.rows.length);
  writeFileSync(`/tmp/report-${name}.html`, p);
  }
});
