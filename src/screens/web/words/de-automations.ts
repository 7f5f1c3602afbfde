// What the automations do, in German, by the English descriptions.

export const deAutomations: Readonly<Record<string, string>> = {
  'Archives products of which less than one can be sold, and writes a file of the changes of the day.':
    'Archiviert Produkte, von denen weniger als eines verkauft werden kann, und schreibt eine Datei der Änderungen des Tages.',
  'Asks customers for a review a week after their first purchase.':
    'Bittet Kunden eine Woche nach ihrem ersten Kauf um eine Bewertung.',
  'Asks customers who have bought again for a review, a week after, once.':
    'Bittet Kunden, die wieder gekauft haben, eine Woche danach einmal um eine Bewertung.',
  'Deletes coupons from the shop whose last day is over, and keeps a list of them.':
    'Löscht Gutscheine aus dem Shop, deren letzter Tag vorbei ist, und führt eine Liste davon.',
  'Features the best sellers of this time last year that are in stock on the home page of the shop, and takes the flag from all others.':
    'Hebt auf der Startseite des Shops hervor, was im Vorjahr um diese Zeit am besten lief und an Lager ist, und nimmt allen anderen diese Auszeichnung.',
  'Fills the contact name of persons from their first and last name, in title case.':
    'Bildet den Kontaktnamen von Personen aus Vor- und Nachname, mit grossen Anfangsbuchstaben.',
  'Leads of a CSV file and of the web form become partners in Odoo, unless their mail address or telephone number is known.':
    'Interessenten aus einer CSV-Datei und dem Webformular werden Partner in Odoo, wenn ihre Mailadresse oder Telefonnummer noch nicht bekannt ist.',
  'Looks whether any of three reliable hosts answers; when all of them fail, runs the configured command.':
    'Prüft, ob einer von drei verlässlichen Servern antwortet; antwortet keiner, wird der eingestellte Befehl ausgeführt.',
  'Makes photos above 1.8 MB smaller, at most 1280×1280 pixels, and .jpeg and .png files to .jpg, as the web shop wants them.':
    'Verkleinert Fotos über 1,8 MB auf höchstens 1280×1280 Pixel und macht aus .jpeg und .png ein .jpg, wie es der Webshop will.',
  'Marks the best sellers since the beginning of last year with a tag in Odoo, so that cleaning up the shop spares them while they are out of stock.':
    'Kennzeichnet in Odoo, was seit Anfang des Vorjahres am besten läuft, damit es beim Aufräumen des Shops bleibt, solange es ausverkauft ist.',
  'Puts what is for sale, with price and available quantity, as CSV on the WebDAV server, with retail and with wholesale prices, and on the availability pages.':
    'Legt als CSV auf den WebDAV-Server und auf die Seiten der Verfügbarkeit, was zu verkaufen ist, mit verfügbarer Menge und mit Einzel- und Grosshandelspreisen.',
  'Reads who has answered STOP or START to a text message, and puts those who want none on Odoo’s list of blocked numbers.':
    'Liest, wer auf eine SMS mit STOP oder START geantwortet hat, und setzt, wer keine will, in Odoo auf die Liste der gesperrten Nummern.',
  'Saves folders and files of this machine elsewhere, as an archive a day for each, and keeps the last of them.':
    'Sichert Ordner und Dateien dieses Rechners anderswo, je ein Archiv am Tag, und behält die letzten davon.',
  'Sends a coupon to customers whose birthday is in this month, on its first day.':
    'Schickt Kunden, die im Monat Geburtstag haben, an dessen erstem Tag einen Gutschein.',
  'Sends customers a coupon the third evening after their first purchase.':
    'Schickt Kunden am dritten Abend nach ihrem ersten Kauf einen Gutschein.',
  'Sends customers who have bought again a coupon, the evening after.':
    'Schickt Kunden, die wieder gekauft haben, am Abend danach einen Gutschein.',
  'Sends the figures of the shop to the administrative team: revenue against last year, what sold best, what is missing.':
    'Schickt der Verwaltung die Zahlen des Shops: Umsatz gegenüber dem Vorjahr, was am besten lief, was fehlt.',
  'Sends the requests of the web form that came in since the last mail to the sales team.':
    'Schickt dem Verkauf die Anfragen des Webformulars, die seit der letzten Mail gekommen sind.',
  'Sends the revenue of the week to accounting, by day and by method of payment.':
    'Schickt der Buchhaltung den Umsatz der Woche, nach Tag und Zahlungsart.',
  'Sets how many of each product are held back from the web shop, by brand, category and price.':
    'Legt fest, wie viele von jedem Produkt dem Webshop vorenthalten werden, nach Marke, Kategorie und Preis.',
  'Sets loyalty balances that are below zero to zero.': 'Setzt Treueguthaben unter null auf null.',
  'Sets the brand of products from their vendor, or from patterns in their description.':
    'Setzt die Marke von Produkten nach ihrem Lieferanten oder nach Mustern in ihrer Beschreibung.',
  'Shows beside each product of the shop what is recommended for its category, and what was popular in that category at this time last year.':
    'Zeigt neben jedem Produkt des Shops, was für seine Kategorie empfohlen wird und was darin im Vorjahr um diese Zeit beliebt war.',
  'Signs in to the sites of competitors, reads their tables of prices and availability, and keeps them as CSV.':
    'Meldet sich auf den Seiten von Mitbewerbern an, liest ihre Tabellen mit Preisen und Verfügbarkeit und behält sie als CSV.',
  'Sorts the products of the shop by their revenue in the same days last year, best first; newly received ones come shortly behind the top.':
    'Sortiert die Produkte des Shops nach ihrem Umsatz in den gleichen Tagen des Vorjahres, die besten zuerst; neu Eingetroffenes folgt dicht dahinter.',
  'Takes customers from other states whose order was refunded out of the text messages that follow a purchase.':
    'Nimmt Kunden aus anderen Staaten, deren Bestellung erstattet wurde, von den SMS nach einem Kauf aus.',
  'Takes loyalty cards back that wholesale customers were given by mistake.':
    'Nimmt Treuekarten zurück, die Grosskunden aus Versehen bekommen haben.',
  'Tells the shop how often each product was sold, over all confirmed orders and the point of sale; sales of variants are summed into their product.':
    'Sagt dem Shop, wie oft jedes Produkt verkauft wurde, über alle bestätigten Aufträge und die Kasse; Verkäufe von Varianten zählen zu ihrem Produkt.',
  'Tells who asked for it that a product is in stock again, by a mail with its picture and a fresh coupon; the request is removed once it is served.':
    'Sagt jenen, die danach gefragt haben, dass ein Produkt wieder an Lager ist, mit einer Mail mit Bild und neuem Gutschein; die erledigte Anfrage wird entfernt.',
  'Thanks customers the evening after their first purchase.': 'Dankt Kunden am Abend nach ihrem ersten Kauf.',
  'Thanks customers who have bought again, the day after.': 'Dankt Kunden, die wieder gekauft haben, am Tag danach.',
  'Thanks wholesale customers the morning after a purchase, in one of several texts.':
    'Dankt Grosskunden am Morgen nach einem Kauf, mit einem von mehreren Texten.',
  'Writes a CSV file of the customers who have a mail address, with their loyalty balances.':
    'Schreibt eine CSV-Datei der Kunden mit Mailadresse, mit ihren Treueguthaben.',
};
