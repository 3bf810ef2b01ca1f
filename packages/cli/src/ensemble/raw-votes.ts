import type { ModelNotes } from '@kic/predictor'
import type { PackedMember } from '@kic/predictor/node'

/**
 * A sentence about members that vote with raw probabilities, because they have neither a calibration of their own nor a
 * temperature that was fitted.
 *
 * @param models in the order of the members
 */
export const rawVotes = (
  models: readonly { readonly model: { readonly notes: Pick<ModelNotes, 'calibration'> } }[],
  members: readonly Pick<PackedMember, 'name' | 'temperature'>[],
): string | undefined => {
  const names = members.flatMap(({ name, temperature }, i) =>
    temperature === undefined && models[i]?.model.notes.calibration === undefined ? [name] : [],
  )
  if (names.length === 0) return undefined
  return (
    `members without a calibration vote with raw probabilities: ${names.join(', ')}; set --calibrate FILE, or run ` +
    'kic calibrate on each of them first'
  )
}
