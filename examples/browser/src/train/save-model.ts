import { zipSync } from 'fflate'

/** The folder's name, in the archive and on the disk. */
export const FOLDER = 'kic-model'

type Files = ReadonlyMap<string, Uint8Array<ArrayBuffer>>

/** A folder as a ZIP archive. Weights hardly shrink, so they are stored as they are. */
export const zipped = (files: Files): Uint8Array<ArrayBuffer> =>
  zipSync(
    Object.fromEntries(Array.from(files, ([path, bytes]) => [`${FOLDER}/${path}`, [bytes, { level: 0 }]])),
  )

declare global {
  interface Window {
    /** Of the File System Access API, which not every browser has. */
    readonly showDirectoryPicker?: (options: {
      readonly mode: 'readwrite'
    }) => Promise<FileSystemDirectoryHandle>
  }
}

/** Writes a folder into the chosen place. */
export const writeFolder = async (place: FileSystemDirectoryHandle, files: Files): Promise<void> => {
  const folder = await place.getDirectoryHandle(FOLDER, { create: true })
  for (const [path, bytes] of files) {
    const [name = '', ...above] = path.split('/').reverse()
    let parent = folder
    for (const part of above.reverse()) parent = await parent.getDirectoryHandle(part, { create: true })
    const file = await parent.getFileHandle(name, { create: true })
    const writable = await file.createWritable()
    await writable.write(bytes)
    await writable.close()
  }
}
