/** Whether a path without links is an open descriptor of a process, such as what /dev/stdout leads to. */
export const isDescriptor = (path: string): boolean =>
  /^\/(dev\/fd|proc\/\d+(\/task\/\d+)?\/fd)\/\d+$/.test(path)
