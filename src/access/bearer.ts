/** The secret in a header `Authorization: Bearer …`, or undefined when there is none. */
export const bearerOf = (authorization: string | null): string | undefined =>
  /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
