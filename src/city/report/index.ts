export { cityReportCharts } from './cityReportCharts.ts';
export { cityReportPage } from './cityReportPage.ts';
