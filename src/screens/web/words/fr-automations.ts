// What the automations do, in French, by the English descriptions.

export const frAutomations: Readonly<Record<string, string>> = {
  'Archives products of which less than one can be sold, and writes a file of the changes of the day.':
    "Archive les produits dont il reste moins d'une unité à vendre, et tient un fichier des changements du jour.",
  'Asks customers for a review a week after their first purchase.':
    'Demande aux clients un avis une semaine après leur premier achat.',
  'Asks customers who have bought again for a review, a week after, once.':
    'Demande un avis aux clients qui ont racheté, une semaine après, une seule fois.',
  'Deletes coupons from the shop whose last day is over, and keeps a list of them.':
    'Supprime de la boutique les bons dont le dernier jour est passé, et en garde une liste.',
  'Features the best sellers of this time last year that are in stock on the home page of the shop, and takes the flag from all others.':
    "Met en vedette sur la page d'accueil de la boutique les meilleures ventes de la même période de l'an dernier qui sont en stock, et retire cette marque à tous les autres.",
  'Fills the contact name of persons from their first and last name, in title case.':
    'Compose le nom du contact des personnes à partir du prénom et du nom, avec des majuscules initiales.',
  'Leads of a CSV file and of the web form become partners in Odoo, unless their mail address or telephone number is known.':
    "Les contacts d'un fichier CSV et du formulaire web deviennent des partenaires dans Odoo, sauf si leur adresse ou leur téléphone est déjà connu.",
  'Looks whether any of three reliable hosts answers; when all of them fail, runs the configured command.':
    'Vérifie si un de trois hôtes fiables répond ; quand aucun ne répond, exécute la commande configurée.',
  'Makes photos above 1.8 MB smaller, at most 1280×1280 pixels, and .jpeg and .png files to .jpg, as the web shop wants them.':
    'Réduit les photos de plus de 1,8 Mo à 1280×1280 pixels au plus, et convertit les fichiers .jpeg et .png en .jpg, comme la boutique les veut.',
  'Marks the best sellers since the beginning of last year with a tag in Odoo, so that cleaning up the shop spares them while they are out of stock.':
    "Marque d'une étiquette dans Odoo les meilleures ventes depuis le début de l'an dernier, pour que le nettoyage de la boutique les épargne quand elles sont épuisées.",
  'Puts what is for sale, with price and available quantity, as CSV on the WebDAV server, with retail and with wholesale prices, and on the availability pages.':
    'Dépose en CSV sur le serveur WebDAV ce qui est à vendre, avec quantité disponible et prix de détail et de gros, et le met sur les pages de disponibilité.',
  'Reads who has answered STOP or START to a text message, and puts those who want none on Odoo’s list of blocked numbers.':
    "Lit qui a répondu STOP ou START à un SMS, et met ceux qui n'en veulent plus sur la liste des numéros bloqués d'Odoo.",
  'Saves folders and files of this machine elsewhere, as an archive a day for each, and keeps the last of them.':
    'Sauvegarde ailleurs des dossiers et fichiers de cette machine, une archive par jour pour chacun, et garde les dernières.',
  'Sends a coupon to customers whose birthday is in this month, on its first day.':
    "Envoie un bon aux clients dont l'anniversaire tombe dans le mois, le premier jour de celui-ci.",
  'Sends customers a coupon the third evening after their first purchase.':
    'Envoie un bon aux clients le troisième soir après leur premier achat.',
  'Sends customers who have bought again a coupon, the evening after.':
    'Envoie un bon aux clients qui ont racheté, le soir du lendemain.',
  'Sends the figures of the shop to the administrative team: revenue against last year, what sold best, what is missing.':
    "Envoie les chiffres de la boutique à l'équipe de gestion : recettes comparées à l'an dernier, meilleures ventes, ruptures.",
  'Sends the requests of the web form that came in since the last mail to the sales team.':
    "Envoie à l'équipe des ventes les demandes du formulaire web reçues depuis le dernier courriel.",
  'Sends the revenue of the week to accounting, by day and by method of payment.':
    'Envoie les recettes de la semaine à la comptabilité, par jour et par moyen de paiement.',
  'Sets how many of each product are held back from the web shop, by brand, category and price.':
    'Fixe combien de chaque produit sont retenus pour la boutique en ligne, selon la marque, la catégorie et le prix.',
  'Sets loyalty balances that are below zero to zero.': 'Remet à zéro les soldes de fidélité négatifs.',
  'Sets the brand of products from their vendor, or from patterns in their description.':
    "Fixe la marque des produits d'après leur fournisseur, ou d'après des motifs dans leur description.",
  'Shows beside each product of the shop what is recommended for its category, and what was popular in that category at this time last year.':
    "Montre à côté de chaque produit de la boutique ce qui est recommandé pour sa catégorie, et ce qui y était demandé à la même période de l'an dernier.",
  'Signs in to the sites of competitors, reads their tables of prices and availability, and keeps them as CSV.':
    'Se connecte aux sites des concurrents, lit leurs tableaux de prix et de disponibilité, et les garde en CSV.',
  'Sorts the products of the shop by their revenue in the same days last year, best first; newly received ones come shortly behind the top.':
    "Trie les produits de la boutique selon leurs recettes aux mêmes jours de l'an dernier, les meilleurs d'abord ; les nouveautés suivent de près les premiers.",
  'Takes customers from other states whose order was refunded out of the text messages that follow a purchase.':
    "Exclut des SMS qui suivent un achat les clients d'autres États dont la commande a été remboursée.",
  'Takes loyalty cards back that wholesale customers were given by mistake.':
    'Reprend les cartes de fidélité données par erreur à des grossistes.',
  'Tells the shop how often each product was sold, over all confirmed orders and the point of sale; sales of variants are summed into their product.':
    'Indique à la boutique combien de fois chaque produit a été vendu, commandes confirmées et point de vente confondus ; les ventes des variantes sont additionnées au produit.',
  'Tells who asked for it that a product is in stock again, by a mail with its picture and a fresh coupon; the request is removed once it is served.':
    "Annonce à qui l'a demandé qu'un produit est de retour en stock, par un courriel avec sa photo et un nouveau bon ; la demande servie est supprimée.",
  'Thanks customers the evening after their first purchase.':
    'Remercie les clients le soir du lendemain de leur premier achat.',
  'Thanks customers who have bought again, the day after.': 'Remercie le lendemain les clients qui ont racheté.',
  'Thanks wholesale customers the morning after a purchase, in one of several texts.':
    'Remercie les grossistes le matin qui suit un achat, par un texte parmi plusieurs.',
  'Writes a CSV file of the customers who have a mail address, with their loyalty balances.':
    'Écrit un fichier CSV des clients qui ont une adresse de courriel, avec leurs soldes de fidélité.',
};
