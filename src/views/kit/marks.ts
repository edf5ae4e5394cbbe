/**
 * What pictures use of Observable Plot. A report's file carries what is named here and nothing else
 * of that library, so a mark that a view wants is added here.
 */
export {
  areaX,
  areaY,
  arrow,
  axisFx,
  axisFy,
  axisX,
  axisY,
  barX,
  barY,
  cell,
  dot,
  dotX,
  dotY,
  frame,
  gridX,
  gridY,
  line,
  lineX,
  lineY,
  link,
  plot,
  rect,
  rectX,
  rectY,
  ruleX,
  ruleY,
  text,
  textX,
  textY,
  tickX,
  tickY,
} from "@observablehq/plot";
export type * from "@observablehq/plot";
