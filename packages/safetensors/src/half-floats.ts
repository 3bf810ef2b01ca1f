export { fromFloat16 } from '@kic/core'

/** bfloat16 (the upper half of a float32) → float32, exactly. */
export const fromBfloat16 = (halves: Uint16Array): Float32Array => {
  const bits = new Uint32Array(halves.length)
  for (let i = 0; i < bits.length; i++) bits[i] = (halves[i] ?? 0) << 16
  return new Float32Array(bits.buffer)
}
