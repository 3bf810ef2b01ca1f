/** The ids of the earlier rows, over all files of a reading. */
export interface SeenIds {
  /** Sets the file of the following ids. */
  enter(file: string): void
  /** Stores an id. If it occurred before, returns the place: 'line 2', or 'line 2 of a.txt' in another file. */
  before(id: string, line: number): string | undefined
}

/**
 * The lines of all files as one number each, because a million ids must stay small; exact for 2^21 files of 2^32 lines.
 */
const linesPerFile = 2 ** 32

/** An empty store of ids. */
export const createSeenIds = (): SeenIds => {
  const files: string[] = []
  const places = new Map<string, number>()
  return {
    enter: (file) => {
      files.push(file)
    },
    before: (id, line) => {
      const current = files.length - 1
      const place = places.get(id)
      if (place === undefined) {
        places.set(id, current * linesPerFile + line)
        return undefined
      }
      const file = Math.floor(place / linesPerFile)
      const where = `line ${place % linesPerFile}`
      return file === current ? where : `${where} of ${files[file]}`
    },
  }
}
