import { join } from 'node:path'

/** What the report tells of a member beside its scores. */
export interface MemberRecord {
  readonly parameters: number
  /** Accuracy at the member's own level on the validation rows. */
  readonly curve: readonly { readonly epoch: number; readonly accuracy: number }[]
}

/** The file of a member's record. */
export const recordFile = (folder: string): string => join(folder, 'member.json')
