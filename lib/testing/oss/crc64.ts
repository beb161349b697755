const TABLES = 8;
// The polynomial of ECMA-182, reflected, in two halves: JavaScript has no fast integers of 64 bits.
const [POLYNOMIAL_HIGH, POLYNOMIAL_LOW] = [0xc96c5795, 0xd7870f42];
const [LOW, HIGH] = makeTables();

/** The CRC-64 of some bytes in the form of the header x-oss-hash-crc64ecma: a decimal number. */
export function crc64(bytes: Uint8Array): string {
  let [low, high] = [-1, -1];
  const at = (index: number): number => bytes[index] ?? 0;
  let index = 0;
  // Eight bytes at a time, each with a table of its own ("slicing-by-8"): five times as fast as byte by byte.
  for (const end = bytes.length - 7; index < end; index += 8) {
    low ^= at(index) | (at(index + 1) << 8) | (at(index + 2) << 16) | (at(index + 3) << 24);
    high ^= at(index + 4) | (at(index + 5) << 8) | (at(index + 6) << 16) | (at(index + 7) << 24);
    const [oldLow, oldHigh] = [low, high];
    low = slice(LOW, oldLow, oldHigh);
    high = slice(HIGH, oldLow, oldHigh);
  }
  for (; index < bytes.length; index += 1) {
    const entry = (low ^ at(index)) & 0xff;
    low = ((low >>> 8) | (high << 24)) ^ (LOW[entry] ?? 0);
    high = (high >>> 8) ^ (HIGH[entry] ?? 0);
  }
  return ((BigInt(~high >>> 0) << 32n) | BigInt(~low >>> 0)).toString();
}

function slice(table: Int32Array, low: number, high: number): number {
  const at = (index: number): number => table[index] ?? 0;
  return (
    at(0x700 + (low & 0xff)) ^
    at(0x600 + ((low >>> 8) & 0xff)) ^
    at(0x500 + ((low >>> 16) & 0xff)) ^
    at(0x400 + (low >>> 24)) ^
    at(0x300 + (high & 0xff)) ^
    at(0x200 + ((high >>> 8) & 0xff)) ^
    at(0x100 + ((high >>> 16) & 0xff)) ^
    at(high >>> 24)
  );
}

// Entry 256 * k + b is what byte b makes of the sum when k zero bytes follow it.
function makeTables(): readonly [Int32Array, Int32Array] {
  const [lows, highs] = [new Int32Array(256 * TABLES), new Int32Array(256 * TABLES)];
  for (let byte = 0; byte < 256; byte += 1) {
    let [low, high] = [byte, 0];
    for (let bit = 0; bit < 8; bit += 1) {
      const carry = (low & 1) === 1;
      low = (low >>> 1) | (high << 31);
      high >>>= 1;
      if (carry) [low, high] = [low ^ POLYNOMIAL_LOW, high ^ POLYNOMIAL_HIGH];
    }
    [lows[byte], highs[byte]] = [low, high];
  }
  for (let entry = 256; entry < lows.length; entry += 1) {
    const [low, high] = [lows[entry - 256] ?? 0, highs[entry - 256] ?? 0];
    lows[entry] = ((low >>> 8) | (high << 24)) ^ (lows[low & 0xff] ?? 0);
    highs[entry] = (high >>> 8) ^ (highs[low & 0xff] ?? 0);
  }
  return [lows, highs];
}
