import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { judge } from '../judge.ts'
import { mutation } from '../mutations.ts'
import type { Target } from '../target.ts'
import { validFile } from './files.ts'
import { readAll } from './torch.ts'

const number = fc.oneof(
  fc.nat(64),
  fc.maxSafeInteger(),
  fc.double(),
  fc.constantFrom(-1, -0, 2 ** 31, 2 ** 53, 1e308),
)
const entry = fc.record(
  {
    dtype: fc.constantFrom(
      'F32',
      'F64',
      'F16',
      'BF16',
      'I64',
      'I32',
      'I16',
      'I8',
      'U8',
      'BOOL',
      'F8',
      'F4',
      'F8_E4M3',
      'U32',
    ),
    shape: fc.array(number, { maxLength: 4 }),
    data_offsets: fc.array(number, { minLength: 1, maxLength: 3 }),
  },
  { requiredKeys: [] },
)
const made = fc
  .tuple(
    fc.dictionary(
      fc.oneof(fc.string(), fc.constantFrom('__proto__', '__metadata__', 'a')),
      fc.oneof(entry, fc.jsonValue()),
    ),
    fc.uint8Array({ maxLength: 64 }),
  )
  .map(([header, data]) => {
    const text = new TextEncoder().encode(JSON.stringify(header))
    const length = new Uint8Array(8)
    new DataView(length.buffer).setBigUint64(0, BigInt(text.length), true)
    return new Uint8Array(Buffer.concat([length, text, data]))
  })

const headerBytes = (file: Uint8Array): number => 8 + Number(new DataView(file.buffer).getBigUint64(0, true))

/** safetensors files on disk: valid ones with mutated headers, and headers of random entries. */
export const safetensors: Target = {
  name: 'safetensors',
  inputs: async () => {
    const edges = await validFile('torch-bin/edge_tensors.expected.safetensors')
    const whole = await validFile('torch-bin/model.safetensors')
    return fc.oneof(
      { weight: 2, arbitrary: mutation(headerBytes(edges)).map((mutate) => mutate(edges)) },
      { weight: 2, arbitrary: mutation(headerBytes(whole)).map((mutate) => mutate(whole)) },
      { weight: 1, arbitrary: made },
    )
  },
  check: (bytes, folder) =>
    judge(bytes.length, async () => {
      const path = join(folder, 'mutated.safetensors')
      await writeFile(path, bytes)
      return readAll(path)
    }),
}
