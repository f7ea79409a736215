/** The process that looks names up for guests. */
