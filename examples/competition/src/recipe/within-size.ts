import { defined } from '@kic/core'
import type { EnsembleInput } from '@kic/ensemble'

export interface SizeLimit {
  /** The bytes that a member takes in the packed model. */
  readonly bytesOf: (name: string) => number
  /** How many bytes all members may take. */
  readonly most: number
}

/** Members that left an ensemble, and how many bytes the others take. */
export interface WithinSize {
  readonly left: readonly string[]
  readonly bytes: number
}

/**
 * The members that must leave an ensemble so that the others fit into a number of bytes: those with the least say for each
 * byte. Of equal ones the larger leaves first. One member always stays.
 */
export const leavingForSize = (
  { members, stacks }: Pick<EnsembleInput, 'members' | 'stacks'>,
  { bytesOf, most }: SizeLimit,
): WithinSize => {
  const say = (k: number): number =>
    stacks === undefined
      ? (members[k]?.weight ?? 1)
      : stacks.reduce((sum, { weights }) => sum + Math.abs(weights[k] ?? 0), 0)
  const byWorth = members
    .map(({ name }, k) => ({ name, bytes: bytesOf(name), worth: say(k) / bytesOf(name) }))
    .sort((a, b) => a.worth - b.worth || b.bytes - a.bytes)
  let bytes = byWorth.reduce((sum, member) => sum + member.bytes, 0)
  const left: string[] = []
  while (bytes > most && left.length < byWorth.length - 1) {
    const member = defined(byWorth[left.length])
    left.push(member.name)
    bytes -= member.bytes
  }
  return { left, bytes }
}
