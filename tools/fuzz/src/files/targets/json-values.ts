import fc from 'fast-check'

/** Numbers at which sizes go wrong. */
const number = fc.oneof(
  fc.nat(64),
  fc.double(),
  fc.constantFrom(-1, -0, 0.5, 1e3, 1e6, 1e9, 1e300, 2 ** 31, 2 ** 53),
)

/** Values in the place of a sound one. */
export const oddValue: fc.Arbitrary<unknown> = fc.oneof(
  number,
  fc.jsonValue(),
  fc.constantFrom('', '__proto__', 'roberta', '../..', null, true, [], {}),
  fc.dictionary(fc.oneof(fc.nat(5).map(String), fc.constantFrom('__proto__', '00', '1e9')), fc.string(), {
    maxKeys: 5,
  }),
  fc.array(fc.oneof(number, fc.string()), { maxLength: 5 }),
  fc.integer({ min: 1, max: 50_000 }).map((length) => new Array<number>(length).fill(1)),
)

/** A JSON object with some of its values, at any depth, replaced, left out or doubled. */
export const oddObject = (sound: object): fc.Arbitrary<unknown> =>
  fc
    .array(
      fc.tuple(fc.nat(), fc.constantFrom('replace', 'remove', 'add'), fc.string({ maxLength: 6 }), oddValue),
      {
        minLength: 1,
        maxLength: 4,
      },
    )
    .map((changes) => {
      const copy: unknown = structuredClone(sound)
      for (const [place, what, key, odd] of changes) {
        // Of its own, so that no value comes to hold itself.
        const value: unknown = structuredClone(odd)
        const places = containersIn(copy)
        const container = places[place % places.length]
        if (container === undefined) continue
        const keys = Object.keys(container)
        const chosen = what === 'add' || keys.length === 0 ? key : (keys[place % keys.length] ?? key)
        if (what === 'remove') Reflect.deleteProperty(container, chosen)
        else
          Object.defineProperty(container, chosen, {
            value,
            enumerable: true,
            writable: true,
            configurable: true,
          })
      }
      return copy
    })

/** All objects and lists in a value, itself first. */
const containersIn = (value: unknown): object[] =>
  typeof value === 'object' && value !== null
    ? [value, ...Object.values(value).slice(0, 50).flatMap(containersIn)]
    : []
