/** Width and height of a digit in pixels. */
export const DIGIT_WIDTH = 3;
export const DIGIT_HEIGHT = 5;

/** Digits 0 to 9, five rows of three pixels each, the leftmost pixel the highest bit. */
const DIGITS = [
  [0b111, 0b101, 0b101, 0b101, 0b111],
  [0b010, 0b110, 0b010, 0b010, 0b111],
  [0b111, 0b001, 0b111, 0b100, 0b111],
  [0b111, 0b001, 0b011, 0b001, 0b111],
  [0b101, 0b101, 0b111, 0b001, 0b001],
  [0b111, 0b100, 0b111, 0b001, 0b111],
  [0b111, 0b100, 0b111, 0b101, 0b111],
  [0b111, 0b001, 0b010, 0b010, 0b010],
  [0b111, 0b101, 0b111, 0b101, 0b111],
  [0b111, 0b101, 0b111, 0b001, 0b111],
];

/** Calls `paint` for each pixel of a whole number written from (0, 0), digits one pixel apart. */
export function paintNumber(value: number, paint: (x: number, y: number) => void): void {
  [...String(value)].forEach((character, position) => {
    DIGITS[Number(character)].forEach((row, y) => {
      for (let x = 0; x < DIGIT_WIDTH; x++) {
        if (row & (1 << (DIGIT_WIDTH - 1 - x))) paint(position * (DIGIT_WIDTH + 1) + x, y);
      }
    });
  });
}

/** Width in pixels of a whole number as `paintNumber` writes it. */
export function numberWidth(value: number): number {
  return String(value).length * (DIGIT_WIDTH + 1) - 1;
}
