const floats = new Float32Array(1)
const words = new Uint32Array(floats.buffer)

/** The bits of the nearest float16, ties to even; beyond its range, infinity. IEEE 754-2008, binary16. */
export const float16Bits = (x: number): number => {
  floats[0] = x
  const bits = words[0] ?? 0
  const sign = (bits >>> 16) & 0x8000
  const exponent = (bits >>> 23) & 0xff
  const fraction = bits & 0x7fffff
  if (exponent === 0xff) return sign | 0x7c00 | (fraction === 0 ? 0 : 0x200)
  const shifted = exponent - 112
  if (shifted >= 31) return sign | 0x7c00
  if (shifted <= 0) {
    if (shifted < -10) return sign
    return sign | rounded((fraction | 0x800000) >>> 0, 14 - shifted)
  }
  return sign | ((shifted << 10) + rounded(fraction, 13))
}

/** `value / 2^shift`, rounded to the nearest integer, ties to even; a carry runs into the exponent, as it should. */
const rounded = (value: number, shift: number): number => {
  const kept = value >>> shift
  const rest = value & ((1 << shift) - 1)
  const half = 1 << (shift - 1)
  return rest > half || (rest === half && (kept & 1) === 1) ? kept + 1 : kept
}

/** IEEE 754 binary16 → float32, exactly: subnormals, infinities and NaN payloads included. */
export const fromFloat16 = (halves: Uint16Array): Float32Array => {
  const bits = new Uint32Array(halves.length)
  const wide = new Float32Array(bits.buffer)
  for (let i = 0; i < bits.length; i++) {
    const half = halves[i] ?? 0
    const sign = (half & 0x8000) << 16
    const exponent = half & 0x7c00
    const mantissa = half & 0x03ff
    if (exponent === 0) {
      wide[i] = mantissa * 2 ** -24
      bits[i] = (bits[i] ?? 0) | sign
    } else {
      // The exponent's bias grows from 15 to 127; the highest exponent stays the highest.
      const magnitude = exponent === 0x7c00 ? 0x7f80_0000 : (exponent << 13) + (112 << 23)
      bits[i] = sign | magnitude | (mantissa << 13)
    }
  }
  return wide
}
