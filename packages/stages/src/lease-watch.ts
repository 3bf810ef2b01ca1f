import type { FoundLease, LeaseTiming } from './lease.ts'
import { hasEnded, parseOwner } from './owner.ts'

/**
 * A judge of whether a lease's holder is dead, to be asked again and again. It is if its process is known to have
 * ended, or if the lease has not changed for `silence` milliseconds of the observer's own monotonic clock; no clock of
 * another machine counts.
 *
 * Between two questions at most one `beat` counts: if the observer itself was suspended, the holder may have been, too.
 *
 * @param now the clock, in milliseconds
 */
export const leaseWatch = (
  { beat, silence }: Pick<LeaseTiming, 'beat' | 'silence'>,
  now: () => number = () => performance.now(),
): ((lease: FoundLease) => boolean) => {
  let seen: { readonly lease: FoundLease; readonly at: number; readonly silent: number } | undefined
  return (lease) => {
    const at = now()
    const same = seen?.lease.text === lease.text && seen.lease.generation === lease.generation
    const silent = seen !== undefined && same ? seen.silent + Math.min(at - seen.at, beat) : 0
    seen = { lease, at, silent }
    const owner = parseOwner(lease.text)
    return silent >= silence || (owner !== undefined && hasEnded(owner))
  }
}
