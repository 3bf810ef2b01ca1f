import type fc from 'fast-check'
import type { Verdict } from './judge.ts'

/** Something that reads hostile bytes, and inputs for it. */
export interface Target {
  readonly name: string
  /** `folder` may be given files that stay the same for every input. */
  inputs(folder: string): Promise<fc.Arbitrary<Uint8Array>>
  /**
   * Reads an input; `folder` is for files.
   *
   * @throws KicError `fuzz/…` on a finding
   */
  check(bytes: Uint8Array, folder: string): Promise<Verdict>
}
