/*
 * Exponential, logarithm, sine, cosine and arc tangent that give the same bits on every machine. ECMAScript leaves the
 * last bits of `Math.exp` and its like to the engine, and engines and processors differ in them; sums, products, quotients and
 * square roots of doubles are fixed by IEEE 754. Only these are used here, in a fixed order. All are within a few units in
 * the last place of `Math`'s own. What must be reproduced bit for bit (random normals, synthetic fields) uses them.
 */

/** ln 2 in two parts: the first has few enough bits that a multiple of it is exact (fdlibm, e_exp.c). */
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
/** pi / 2 likewise (fdlibm, e_rem_pio2.c). */
const HALF_PI_HIGH = 1.5707963267341256;
const HALF_PI_LOW = 6.077100506506192e-11;

const LEAST_EXPONENT = -1074;
/** 2 to the power of `LEAST_EXPONENT` to 1023. */
const POWERS_OF_2 = new Float64Array(1024 - LEAST_EXPONENT);
for (let k = 0, power = 1; k < 1024; k++, power *= 2) POWERS_OF_2[k - LEAST_EXPONENT] = power;
for (let k = 0, power = 1; k >= LEAST_EXPONENT; k--, power /= 2) POWERS_OF_2[k - LEAST_EXPONENT] = power;

/** Coefficients of the Taylor series of e^r: 1/n!. */
const EXP_TERMS = series(14, (n) => 1 / factorial(n));
/** Of sin(r)/r and of cos(r), in powers of r^2. */
const SIN_TERMS = series(9, (n) => (n % 2 === 0 ? 1 : -1) / factorial(2 * n + 1));
const COS_TERMS = series(10, (n) => (n % 2 === 0 ? 1 : -1) / factorial(2 * n));
/** Of artanh(z)/z and of atan(u)/u, likewise. */
const ARTANH_TERMS = series(12, (n) => 1 / (2 * n + 1));
const ATAN_TERMS = series(13, (n) => (n % 2 === 0 ? 1 : -1) / (2 * n + 1));

/** e to the power of x. */
export function exp(x: number): number {
  if (!(x > -746)) return x <= -746 ? 0 : Number.NaN;
  if (x > 710) return Number.POSITIVE_INFINITY;
  const k = Math.floor(x / Math.LN2 + 0.5);
  const power = polynomial(EXP_TERMS, x - k * LN2_HIGH - k * LN2_LOW);
  if (k > 1023) return power * 2 * POWERS_OF_2[k - 1 - LEAST_EXPONENT];
  // Two steps below the least exponent, so that the result is rounded once.
  return k < LEAST_EXPONENT
    ? (power / 4) * POWERS_OF_2[k + 2 - LEAST_EXPONENT]
    : power * POWERS_OF_2[k - LEAST_EXPONENT];
}

const double = new Float64Array(1);
const words = new Uint32Array(double.buffer);
/** Which of the two words of a double holds its exponent: the machine's byte order says. */
const HIGH = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1 ? 1 : 0;

/** Natural logarithm; NaN below 0. */
export function log(x: number): number {
  if (!(x > 0)) return x === 0 ? Number.NEGATIVE_INFINITY : Number.NaN;
  if (x === Number.POSITIVE_INFINITY) return x;
  const subnormal = x < 2.2250738585072014e-308;
  double[0] = subnormal ? x * 18014398509481984 : x;
  let exponent = (words[HIGH] >>> 20) - 1023 - (subnormal ? 54 : 0);
  words[HIGH] = (words[HIGH] & 0xfffff) | 0x3ff00000;
  let mantissa = double[0];
  if (mantissa > Math.SQRT2) {
    mantissa /= 2;
    exponent++;
  }
  const z = (mantissa - 1) / (mantissa + 1);
  return exponent * LN2_HIGH + (2 * z * polynomial(ARTANH_TERMS, z * z) + exponent * LN2_LOW);
}

/** Sine of an angle of at most 100,000 radians. */
export function sin(x: number): number {
  return sineAt(x, 0);
}

/** Cosine of an angle of at most 100,000 radians. */
export function cos(x: number): number {
  return sineAt(x, 1);
}

/** sin(x + quarters * pi / 2). */
function sineAt(x: number, quarters: number): number {
  const k = Math.floor(x / (Math.PI / 2) + 0.5);
  const r = x - k * HALF_PI_HIGH - k * HALF_PI_LOW;
  const quadrant = (k + quarters) & 3;
  const value = quadrant & 1 ? polynomial(COS_TERMS, r * r) : r * polynomial(SIN_TERMS, r * r);
  return quadrant & 2 ? -value : value;
}

/** Angle of the point (x, y), -pi to pi; 0 at the origin. */
export function atan2(y: number, x: number): number {
  const ax = Math.abs(x);
  const ay = Math.abs(y);
  const larger = ax > ay ? ax : ay;
  if (larger === 0) return 0;
  // atan(t) = 2 atan(t / (1 + sqrt(1 + t^2))), twice: the series needs a small argument.
  const t = (ax > ay ? ay : ax) / larger;
  const half = t / (1 + Math.sqrt(1 + t * t));
  const quarter = half / (1 + Math.sqrt(1 + half * half));
  let angle = 4 * quarter * polynomial(ATAN_TERMS, quarter * quarter);
  if (ay > ax) angle = Math.PI / 2 - angle;
  if (x < 0) angle = Math.PI - angle;
  return y < 0 ? -angle : angle;
}

function polynomial(terms: Float64Array, x: number): number {
  let value = terms[terms.length - 1];
  for (let n = terms.length - 2; n >= 0; n--) value = value * x + terms[n];
  return value;
}

function series(length: number, term: (n: number) => number): Float64Array {
  return Float64Array.from({ length }, (_, n) => term(n));
}

function factorial(n: number): number {
  return n < 2 ? 1 : n * factorial(n - 1);
}
