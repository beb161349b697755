const NAMESPACE = 'http://www.w3.org/2000/svg';

/**
 * Makes an SVG element.
 * @param {string} name
 * @param {Record<string, string | number>} attributes
 * @param {string} [text]
 */
export function svg(name, attributes = {}, text = '') {
  const element = document.createElementNS(NAMESPACE, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  if (text !== '') element.textContent = text;
  return element;
}

/** The path through points; a point without a value interrupts it. @param {readonly ([number, number] | undefined)[]} points */
export function path(points) {
  let isDown = false;
  let d = '';
  for (const point of points) {
    if (point !== undefined) d += `${isDown ? 'L' : 'M'}${point[0].toFixed(1)} ${point[1].toFixed(1)}`;
    isDown = point !== undefined;
  }
  return d;
}
