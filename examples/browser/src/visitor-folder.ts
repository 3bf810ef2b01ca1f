import type { VisitorFolder } from './model-source.ts'

/** The folder that was chosen in a file dialog; `undefined` if it is empty. */
export const chosenFolder = (files: Iterable<File>): VisitorFolder | undefined => {
  const all = Array.from(files)
  const [name] = all[0]?.webkitRelativePath.split('/') ?? []
  if (name === undefined) return undefined
  return {
    name,
    files: new Map(all.map((file) => [file.webkitRelativePath.slice(name.length + 1), file])),
  }
}

/** The folder that was dropped; `undefined` if something else was. */
export const droppedFolder = async ({ items }: DataTransfer): Promise<VisitorFolder | undefined> => {
  // Items are gone once the event is over, their entries are not.
  const [entry] = Array.from(items, (item) => item.webkitGetAsEntry())
  if (!isDirectory(entry)) return undefined
  return { name: entry.name, files: new Map(await filesBelow(entry, '')) }
}

const isDirectory = (entry: FileSystemEntry | null | undefined): entry is FileSystemDirectoryEntry =>
  entry?.isDirectory === true

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile

const filesBelow = async (directory: FileSystemDirectoryEntry, path: string): Promise<[string, File][]> => {
  const found: [string, File][] = []
  for (const entry of await entriesOf(directory)) {
    if (isDirectory(entry)) found.push(...(await filesBelow(entry, `${path}${entry.name}/`)))
    else if (isFile(entry)) found.push([`${path}${entry.name}`, await fileOf(entry)])
  }
  return found
}

/** A reader gives a part of the entries at a time, and none at the end. */
const entriesOf = async (directory: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> => {
  const reader = directory.createReader()
  const next = (): Promise<FileSystemEntry[]> =>
    new Promise((resolve, reject) => reader.readEntries(resolve, reject))
  const found: FileSystemEntry[] = []
  for (let part = await next(); part.length > 0; part = await next()) found.push(...part)
  return found
}

const fileOf = (entry: FileSystemFileEntry): Promise<File> =>
  new Promise((resolve, reject) => entry.file(resolve, reject))
