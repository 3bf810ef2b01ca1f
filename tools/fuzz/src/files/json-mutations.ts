import fc from 'fast-check'

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/** Values that readers forget to expect. */
const value: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom<Json>(null, true, false, '', [], {}, 'null', '\0', '__proto__', '../..', 'a'.repeat(300)),
  fc.constantFrom(0, -0, -1, 1, 0.5, 1e-320, 2 ** 31, 2 ** 32, 2 ** 53, 1e21, 1e308, -1e308),
  fc.constantFrom(1_000, 1_000_000, 1_000_000_000),
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
)

type Edit = (json: Json) => Json

/** The value with its `index`-th part, counted depth first, replaced by what `edit` makes of it. */
const editPart = (json: Json, index: number, edit: Edit): Json => {
  let left = index
  const visit = (part: Json): Json => {
    if (left-- === 0) return edit(part)
    if (Array.isArray(part)) return part.map(visit)
    if (typeof part !== 'object' || part === null) return part
    return Object.fromEntries(Object.entries(part).map(([key, inner]) => [key, visit(inner)]))
  }
  return visit(json)
}

const countParts = (json: Json): number =>
  typeof json !== 'object' || json === null
    ? 1
    : Object.values(json).reduce<number>((sum, part) => sum + countParts(part), 1)

const edit: fc.Arbitrary<Edit> = fc.oneof(
  {
    weight: 4,
    arbitrary: value.map(
      (replacement): Edit =>
        () =>
          replacement,
    ),
  },
  {
    weight: 1,
    arbitrary: fc.nat(100).map(
      (at): Edit =>
        (part) => {
          if (typeof part !== 'object' || part === null) return null
          if (Array.isArray(part)) return part.filter((_, i) => i !== at % (part.length + 1))
          const keys = Object.keys(part)
          return Object.fromEntries(Object.entries(part).filter(([key]) => key !== keys[at % keys.length]))
        },
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.string({ maxLength: 6 }), value).map(
      ([key, extra]): Edit =>
        (part) => {
          if (Array.isArray(part)) return [...part, extra, ...part.slice(0, 2)]
          return typeof part === 'object' && part !== null ? { ...part, [key]: extra } : [part, extra]
        },
    ),
  },
  { weight: 1, arbitrary: fc.constant<Edit>((part) => (typeof part === 'number' ? String(part) : [part])) },
)

/** JSON with one to three of its parts replaced, removed, added to or wrapped, as text in UTF-8. */
export const mutatedJson = (valid: readonly Json[]): fc.Arbitrary<Uint8Array> =>
  fc
    .tuple(
      fc.constantFrom(...valid),
      fc.array(fc.tuple(fc.nat(0x7fffffff), edit), { minLength: 1, maxLength: 3 }),
    )
    .map(([json, edits]) => {
      const changed = edits.reduce<Json>(
        (before, [at, change]) => editPart(before, at % countParts(before), change),
        json,
      )
      return new TextEncoder().encode(JSON.stringify(changed))
    })
