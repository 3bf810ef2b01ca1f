import { readPickle } from '@kic/checkpoints'
import fc from 'fast-check'
import { judge } from '../judge.ts'
import { mutation } from '../mutations.ts'
import type { Target } from '../target.ts'
import { validFile } from './files.ts'

/** Opcodes that weights use, and some that they do not, with short arguments. */
const OPCODES = [
  0x80, 0x28, 0x30, 0x31, 0x4e, 0x88, 0x4a, 0x4b, 0x4d, 0x47, 0x8a, 0x58, 0x8c, 0x8d, 0x55, 0x42, 0x43, 0x29,
]
  .concat([
    0x85, 0x86, 0x87, 0x74, 0x5d, 0x61, 0x65, 0x7d, 0x73, 0x75, 0x71, 0x72, 0x94, 0x68, 0x6a, 0x52, 0x51,
    0x62,
  ])
  .concat([0x93, 0x95, 0x81, 0x92, 0x82, 0x97, 0x69, 0x6f, 0x50, 0x53])

const program = fc
  .array(
    fc.oneof(
      fc.constantFrom(...OPCODES).map((code) => [code]),
      fc.uint8Array({ maxLength: 6 }).map((bytes) => [...bytes]),
      fc
        .constantFrom(
          'torch\nFloatStorage',
          'collections\nOrderedDict',
          'torch._utils\n_rebuild_tensor_v2',
          'os\nsystem',
        )
        .map((name) => [0x63, ...new TextEncoder().encode(`${name}\n`)]),
    ),
    { maxLength: 60 },
  )
  .map((parts) => Uint8Array.from([...parts.flat(), 0x2e]))

/** Pickles alone: those of valid files, mutated, and programs of random opcodes. */
export const pickle: Target = {
  name: 'pickle',
  inputs: async () => {
    const file = await validFile('torch-bin/edge_tensors.bin')
    const start = Buffer.from(file).indexOf(Buffer.of(0x80, 2))
    const valid = file.slice(start, start + 1191)
    return fc.oneof(
      mutation(valid.length).map((mutate) => mutate(valid)),
      program,
    )
  },
  check: (bytes) =>
    judge(bytes.length, async () => {
      readPickle(bytes)
      return { bytes: 0 }
    }),
}
