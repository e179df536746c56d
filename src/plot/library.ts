/** The one door to Observable Plot: its marks and `plot`, and nothing that needs a clock or the network. */
export {
  areaY,
  axisX,
  axisY,
  barX,
  dot,
  gridX,
  gridY,
  line,
  link,
  type Markish,
  type PlotOptions,
  plot,
  rect,
  ruleX,
  ruleY,
  text,
} from '@observablehq/plot';
