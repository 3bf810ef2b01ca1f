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
 * byte. Of equal ones the larger leaves first. One member of the finest level always stays: it takes one to name classes.
 */
export const leavingForSize = (
  { members, stacks, levels }: Pick<EnsembleInput, 'members' | 'stacks' | 'levels'>,
  { bytesOf, most }: SizeLimit,
): WithinSize => {
  const say = (k: number): number =>
    stacks === undefined
      ? (members[k]?.weight ?? 1)
      : stacks.reduce((sum, { weights }) => sum + Math.abs(weights[k] ?? 0), 0)
  const byWorth = members
    .map(({ name, level }, k) => ({ name, level, bytes: bytesOf(name), worth: say(k) / bytesOf(name) }))
    .sort((a, b) => a.worth - b.worth || b.bytes - a.bytes)
  const finest = levels.at(-1)?.name
  let bytes = byWorth.reduce((sum, member) => sum + member.bytes, 0)
  let speaking = byWorth.filter(({ level }) => level === finest).length
  const left: string[] = []
  for (const member of byWorth) {
    if (bytes <= most) break
    if (member.level === finest && speaking === 1) continue
    if (member.level === finest) speaking--
    left.push(member.name)
    bytes -= member.bytes
  }
  return { left, bytes }
}
