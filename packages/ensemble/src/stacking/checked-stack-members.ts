import { KicError } from '@kic/core'
import type { EnsembleErrorCode } from '../error-code.ts'
import { classesSeen, type StackMember } from './stack.ts'

/**
 * Rows and classes of members that are combined.
 *
 * @throws KicError `ensemble/no-members`, `ensemble/shape`
 */
export const checkedStackMembers = (
  caller: string,
  members: readonly StackMember[],
): { readonly rows: number; readonly classes: number } => {
  const [first] = members
  if (first === undefined) {
    throw new KicError<EnsembleErrorCode>(
      'ensemble/no-members',
      `${caller}: there must be members to combine, received none. Give one at least.`,
    )
  }
  const [rows, classes] = [first.rows, classesSeen(first)]
  for (const [k, member] of members.entries()) {
    const fits =
      member.rows === rows &&
      classesSeen(member) === classes &&
      member.data.length === rows * member.classes &&
      (member.ofClass?.every((column) => column >= 0 && column < member.classes) ?? true)
    if (fits) continue
    throw new KicError<EnsembleErrorCode>(
      'ensemble/shape',
      `${caller}: every member must have probabilities of ${rows} rows for ${classes} classes, received ${member.rows} × ` +
        `${member.classes} in ${member.data.length} numbers from member ${k}. Give the same rows of every member, and ` +
        'of a coarser one the column of each class.',
    )
  }
  return { rows, classes }
}
