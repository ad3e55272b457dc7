// npm runs this before the scripts that start TypeScript as it is, which an older Node answers with a stack trace.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(`This backend needs Node 22.18 or newer; this is Node ${process.versions.node}: install a newer one.\n`);
  process.exit(1);
}
