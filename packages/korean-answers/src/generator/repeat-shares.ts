/** By how much the share of repeats grows with each factor e of a group's size: fits the published counts without repeats. */
const growth = 0.23

/**
 * How many of a group's answers repeat earlier ones, by group: `repeats` of all rows together, more in large groups, where
 * people say the same (among restaurants every second answer), hardly any in small ones.
 */
export const repeatShares = (
  quotas: ReadonlyMap<string, number>,
  repeats: number,
): ReadonlyMap<string, number> => {
  const sizes = [...quotas].filter(([, size]) => size > 0)
  const rows = sizes.reduce((sum, [, size]) => sum + size, 0)
  const mean = sizes.reduce((sum, [, size]) => sum + size * Math.log(size), 0) / rows
  return new Map(
    sizes.map(([group, size]) => {
      const share = repeats * (1 + growth * (Math.log(size) - mean))
      return [group, Math.min(Math.max(share, 0), 1)]
    }),
  )
}
