/**
 * Writes a mapping of code points, ascending, as text: for each run of equal differences the gap to the end of the
 * previous run, after a `+` how many more there are, a `*` where only every second one is mapped, and after a `:` the
 * difference; all in base 36.
 */
export const formatMapping = (mapping: readonly (readonly [from: number, to: number])[]): string => {
  const parts: string[] = []
  let end = 0
  for (let i = 0; i < mapping.length; ) {
    const [from, to] = mapping[i] ?? [0, 0]
    const step = (mapping[i + 1]?.[0] ?? 0) - from === 2 ? 2 : 1
    let count = 1
    while (true) {
      const [next, target] = mapping[i + count] ?? [0, 0]
      if (next !== from + step * count || target - next !== to - from) break
      count++
    }
    const stride = count > 1 && step === 2 ? '*' : ''
    const more = count > 1 ? `+${(count - 1).toString(36)}` : ''
    parts.push(`${(from - end).toString(36)}${more}${stride}:${(to - from).toString(36)}`)
    end = from + step * (count - 1)
    i += count
  }
  return parts.join(' ')
}

/** Reads what `formatMapping` wrote. */
export const parseMapping = (text: string): Map<number, number> => {
  const mapping = new Map<number, number>()
  let end = 0
  for (const part of text.split(' ')) {
    const [run = '', difference = ''] = part.split(':')
    const [gap = '', more = '0'] = run.replace('*', '').split('+')
    const step = run.endsWith('*') ? 2 : 1
    const from = end + Number.parseInt(gap, 36)
    end = from + step * Number.parseInt(more, 36)
    for (let point = from; point <= end; point += step) {
      mapping.set(point, point + Number.parseInt(difference, 36))
    }
  }
  return mapping
}
