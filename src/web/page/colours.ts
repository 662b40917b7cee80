/** 19 colours that differ in hue and lightness; Negative is grey. */
const LOCATION_COLOURS = [
  ...['#4e79a7', '#f28e2b', '#e15759', '#76b7b2', '#59a14f', '#edc948', '#b07aa1', '#ff9da7', '#9c755f'],
  ...[
    '#86bcb6',
    '#d37295',
    '#fabfd2',
    '#b6992d',
    '#499894',
    '#d4a6c8',
    '#79706e',
    '#8cd17d',
    '#a0cbe8',
    '#bab0ac',
  ],
];

export function locationColour(location: number): string {
  return LOCATION_COLOURS[location];
}

/** From dark blue (0) over green to yellow (1), even in lightness. */
export function scoreColour(score: number): string {
  const share = Math.min(1, Math.max(0, score));
  return `hsl(${Math.round(260 - 200 * share)} 75% ${Math.round(30 + 30 * share)}%)`;
}
