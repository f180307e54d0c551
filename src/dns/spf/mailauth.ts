// A module of ours between: in a bundle of ES modules, a CommonJS package that is imported dynamically has no named exports.
export { spf } from 'mailauth/lib/spf/index.js';
