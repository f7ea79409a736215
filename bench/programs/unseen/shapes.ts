abstract class Figure {
  static readonly registry: Figure[] = [];
  abstract readonly corners: number;
  protected abstract area(): number;
  readonly label: string | undefined;
  constructor(label?: string) {
    this.label = label;
    Figure.registry.push(this);
  }
  describe(this: Figure): string {
    return `${this.label ?? this.constructor.name}/${this.corners}: ${this.area().toPrecision(4)}`;
  }
}
class Circle extends Figure {
  override readonly corners = 0;
  readonly radius: number;
  constructor(radius: number) {
    super();
    this.radius = radius;
  }
  protected override area(): number {
    return Math.PI * this.radius ** 2;
  }
}
class Polygon extends Figure {
  readonly points: readonly (readonly [x: number, y: number])[];
  override readonly corners: number;
  constructor(label: string, ...points: [number, number][]) {
    super(label);
    this.points = points;
    this.corners = points.length;
  }
  protected override area(): number {
    const twice = this.points.reduce((sum, [x, y], index, all) => {
      const [nextX, nextY] = all[(index + 1) % all.length] ?? [0, 0];
      return sum + x * nextY - nextX * y;
    }, 0);
    return Math.abs(twice) / 2;
  }
}
new Circle(1.5);
new Polygon('triangle', [0, 0], [4, 0], [0, 3]);
new Polygon('kite', [0, 0], [2, 1], [0, 5], [-2, 1]);
console.log(Figure.registry.map((figure) => figure.describe()).join('\n'));
const isPolygon = (figure: Figure): figure is Polygon => figure instanceof Polygon;
const corners = Figure.registry.filter(isPolygon).map(({ points }) => points.at(-1)?.join(';'));
console.log(corners, Object.getPrototypeOf(Circle).name, typeof Figure.registry[0]);
const groups = Map.groupBy(Figure.registry, (figure) => (figure.corners > 3 ? 'many' : 'few'));
for (const [group, figures] of groups) console.log(group, figures.length);
