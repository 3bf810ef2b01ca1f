/** bfloat16 (the upper half of a float32) → float32, exactly. */
export const fromBfloat16 = (halves: Uint16Array): Float32Array => {
  const bits = new Uint32Array(halves.length)
  for (let i = 0; i < bits.length; i++) bits[i] = (halves[i] ?? 0) << 16
  return new Float32Array(bits.buffer)
}

/** IEEE 754 binary16 → float32, exactly: subnormals, infinities and NaN payloads included. */
export const fromFloat16 = (halves: Uint16Array): Float32Array => {
  const bits = new Uint32Array(halves.length)
  const floats = new Float32Array(bits.buffer)
  for (let i = 0; i < bits.length; i++) {
    const half = halves[i] ?? 0
    const sign = (half & 0x8000) << 16
    const exponent = half & 0x7c00
    const mantissa = half & 0x03ff
    if (exponent === 0) {
      floats[i] = mantissa * 2 ** -24
      bits[i] = (bits[i] ?? 0) | sign
    } else {
      // The exponent's bias grows from 15 to 127; the highest exponent stays the highest.
      const wide = exponent === 0x7c00 ? 0x7f80_0000 : (exponent << 13) + (112 << 23)
      bits[i] = sign | wide | (mantissa << 13)
    }
  }
  return floats
}
