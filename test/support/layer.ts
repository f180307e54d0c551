/**
 * How a layer of the tests ends that could not run, or not as a whole, on this machine (`EX_TEMPFAIL` of sysexits.h): neither
 * passed nor failed, so that nobody takes it for tested.
 */
export const skippedStatus = 75;
