/** The ids of the rows before, over all files of a reading. */
export interface SeenIds {
  /** Names the file that the ids that follow come from. */
  enter(file: string): void
  /** Remembers an id; where it came before, says where: 'line 2', or 'line 2 of a.txt' in another file. */
  before(id: string, line: number): string | undefined
}

/** Lines of all files in one number each, as a million ids are to stay small: exact for 2^21 files of 2^32 lines. */
const linesPerFile = 2 ** 32

/** No ids yet. */
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
