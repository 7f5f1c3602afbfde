// Words for units of measure -> Odoo's names, with what they measure. Packages of unknown content are no units.
import { foldMailWord } from '../../mapping/mail-fields.ts';

export interface KnownUnit {
  /** As Odoo names it. */
  name: string;
  /** Units of one kind can be compared: `unit`, `weight`, `length`, `volume`, `time`, or a category of Odoo's own. */
  kind: string;
  /** In the reference unit of its kind. */
  factor: number;
}

/** The units that quantities may be written in. */
export interface UnitTable {
  /** By a word of a customer. */
  ofWord(word: string): KnownUnit | undefined;
  /** Unit of a product, by the name that Odoo gives. */
  ofName(name: string): KnownUnit | undefined;
}

const UNITS: ReadonlyArray<readonly [KnownUnit, string]> = [
  [
    { name: 'Units', kind: 'unit', factor: 1 },
    'unit units pc pcs pce pces piece pieces ea each nos off item items st stk stck stuck stucke stueck stucks piece pieces unite unites stuks stuk pz pzi pezzo pezzi unita ud uds u unidad unidades pieza piezas adet ad tane c62 h87 psc szt kpl ks db шт 個 peca pecas unidade styck komad kos',
  ],
  [
    { name: 'Dozens', kind: 'unit', factor: 12 },
    'dozen dozens doz dz dzn dutzend dtzd dtz douzaine douzaines dzne dozijn dozijnen dozzina dozzine docena docenas duzine dussin duzia duzias tucet tuzin',
  ],
  [
    { name: 'kg', kind: 'weight', factor: 1 },
    'kg kgs kilo kilos kilogram kilograms kilogramm kilogramme kilogrammes kilogrammo chilogrammo chilogrammi kilogramo kilogramos chilo chili kgm',
  ],
  [
    { name: 'g', kind: 'weight', factor: 0.001 },
    'g gr gm gms gram grams gramm gramme grammes grammo grammi gramo gramos grm',
  ],
  [{ name: 't', kind: 'weight', factor: 1000 }, 't to ton tons tonne tonnes tonnen tonnellate tonelada toneladas tne'],
  [{ name: 'lb', kind: 'weight', factor: 0.45359237 }, 'lb lbs pound pounds'],
  [{ name: 'oz', kind: 'weight', factor: 0.028349523125 }, 'oz ounce ounces'],
  [
    { name: 'm', kind: 'length', factor: 1 },
    'm mtr mtrs mt meter meters metre metres metro metri metros lfm lfdm laufmeter ml metrekare'.replace(
      ' ml metrekare',
      '',
    ),
  ],
  [
    { name: 'cm', kind: 'length', factor: 0.01 },
    'cm centimeter centimeters centimetre centimetres zentimeter centimetro centimetri centimetros santimetre cmt',
  ],
  [
    { name: 'mm', kind: 'length', factor: 0.001 },
    'mm millimeter millimeters millimetre millimetres milimetro milimetros millimetri milimetre mmt',
  ],
  [{ name: 'km', kind: 'length', factor: 1000 }, 'km kilometer kilometers kilometre kilometres'],
  [{ name: 'in', kind: 'length', factor: 0.0254 }, 'inch inches zoll'],
  [{ name: 'ft', kind: 'length', factor: 0.3048 }, 'ft foot feet'],
  [{ name: 'L', kind: 'volume', factor: 1 }, 'l lt ltr ltrs liter liters litre litres litro litri litros litreler'],
  [
    { name: 'ml', kind: 'volume', factor: 0.001 },
    'ml mls milliliter milliliters millilitre millilitres mililitro mililitros',
  ],
  [
    { name: 'Hours', kind: 'time', factor: 1 },
    'h hr hrs hour hours std stunde stunden heure heures uur uren ora ore hora horas saat hur',
  ],
  [{ name: 'Days', kind: 'time', factor: 8 }, 'day days tag tage jour jours dag dagen giorno giorni dia dias gun'],
];

const BY_WORD = new Map<string, KnownUnit>();
for (const [unit, words] of UNITS) for (const word of words.split(' ')) BY_WORD.set(word, unit);
const BY_NAME = new Map(UNITS.map(([unit]) => [unit.name.toLowerCase(), unit]));

/** Things that goods come in; how much they hold is not known. */
const PACKAGES = new Set(
  'pallet pallets palette paletten palettes pallet boxes box carton cartons karton kartons kiste kisten caisse caisses doos dozen_nl dozen-nl pack packs packet packets package packages pkg paket pakete paquet paquets pakket pakketten set sets satz satze pair pairs paar paire paires coppia coppie par pares cift roll rolls rolle rollen rouleau rouleaux rol rollo rollos rotolo rotoli rulo case cases crate crates bag bags sack sacke sacs sacco sacchi saco sacos zak zakken torba cuval bundle bundles bund lot lots scatola scatole confezione confezioni caja cajas palet palets pallets palé bancale bancali pedana koli kolli drum drums fass fasser barrel barrels gross kutu gebinde gallon gallons gal truckload container containers bidon bidons fut futs reel reels tray trays skid skids ream reams load loads'.split(
    ' ',
  ),
);

export function unitOfWord(word: string): KnownUnit | undefined {
  return BY_WORD.get(foldMailWord(word).replaceAll(' ', ''));
}

export function isPackage(word: string): boolean {
  return PACKAGES.has(foldMailWord(word));
}

export function unitOfName(name: string): KnownUnit | undefined {
  return BY_NAME.get(name.toLowerCase()) ?? unitOfWord(name);
}

/** The words as shipped. */
export const SHIPPED_UNITS: UnitTable = { ofWord: unitOfWord, ofName: unitOfName };
