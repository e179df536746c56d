/**
 * The numbers that the guide prints ("Complete Guide: L1 Regularization, Matrix Factorization and Spiking Neural Networks in City Networks").
 * @module
 */

/** Table 1: traffic, distance and cost of the cities A, B, C. */
export const RAW = [
  [100, 10, 200],
  [30, 60, 180],
  [20, 100, 150],
];

/** Table 2: the same, as the guide normalises them. */
export const NORMALIZED = [
  [1.0, 0.1, 0.5],
  [0.3, 0.6, 0.4],
  [0.2, 1.0, 0.3],
];

/** Equation 5: weights of traffic, 1 - distance and 1 - cost. */
export const COMBINATION = [0.5, 0.3, 0.2];

/** Equation 6: strength of the cities A, B, C. */
export const STRENGTHS = [1, 0.3, 0.2];

/** Equation 1: routes from F, G, H (rows) to A, B, C (columns). */
export const ROUTES = [
  [0.9, 0.8, 0.7],
  [0.6, 0.7, 0.5],
  [0.4, 0.5, 0.6],
];

/** Equations 18 to 20: roads from A, B, C into D. */
export const ROADS = [2.0, 0.2, -0.1];

/** Tables 3 and 4: what a road loses in one step. */
export const ETA_LAMBDA = 0.1;

/** Section 7.2, U: how fast and how cheap routes from F, G, H are. */
export const SOURCES = [
  [0.9, 0.2],
  [0.6, 0.5],
  [0.3, 0.8],
];

/** Section 7.2, V: the same for A, B, C, D, E. */
export const DESTINATIONS = [
  [0.8, 0.3],
  [0.7, 0.4],
  [0.6, 0.5],
  [0.9, 0.1],
  [0.2, 0.9],
];

/** Section 9.2: synapses from A, B, C to D, E. */
export const SYNAPSES = [
  [0.8, 0],
  [0.5, 0],
  [0, 0.6],
];

export const THRESHOLD = 0.7;

/** Equation 45. */
export const INCIDENCE = [
  [1, 1, 0, 0, 0],
  [0, 1, 1, 0, 0],
  [1, 0, 1, 0, 0],
];
