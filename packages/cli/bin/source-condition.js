/** A resolve hook of Node.js: @kic packages resolve to their sources, as with `node --conditions=@kic/source`. */
export const resolve = (specifier, context, next) =>
  next(specifier, { ...context, conditions: [...context.conditions, '@kic/source'] })
