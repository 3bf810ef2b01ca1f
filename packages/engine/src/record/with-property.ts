/** Runs `body` with a property of `target` replaced, then restores the property, own or inherited. */
export const withProperty = <Target extends object, T>(
  target: Target,
  key: keyof Target,
  value: unknown,
  body: () => T,
): T => {
  const before = Object.getOwnPropertyDescriptor(target, key)
  Object.defineProperty(target, key, { value, configurable: true, writable: true, enumerable: false })
  try {
    return body()
  } finally {
    if (before === undefined) Reflect.deleteProperty(target, key)
    else Object.defineProperty(target, key, before)
  }
}
