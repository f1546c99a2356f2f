"""Words the made-up company is made of: names, nicknames, companies, streets, towns.

Lists are ordered from common to rare; `skewed` picks the first ones far more often, as real
registers do, so that namesakes happen by themselves. Nobody here is a real person.
"""

from random import Random
from typing import TypeVar

T = TypeVar("T")


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def skewed(rng: Random, words: tuple[T, ...]) -> T:
    """The squared uniform gives the head of the list roughly Zipf's share."""
    return words[int(len(words) * rng.random() ** 2)]


FRENCH_WOMEN = _words(
    "Marie Camille Léa Manon Chloé Julie Sarah Laura Pauline Anaïs Emma Céline Sophie Isabelle Nathalie "
    "Sandrine Aurélie Émilie Hélène Valérie Stéphanie Élodie Charlotte Mathilde Lucie Marion Clémence "
    "Inès Zoé Jeanne Louise Alice Amélie Audrey Noémie Justine Margaux Éléonore Delphine Béatrice "
    "Geneviève Françoise Monique Thérèse Agathe Romane Lina Nour Fatima Yasmine Salomé Maëlys Océane "
    "Solène Gaëlle Anne-Sophie Marie-Claire Anne-Laure Marie-Ève Marie-Hélène Claire-Lise Josée Chantal "
    "Ginette Mélissande Anouk Capucine Apolline Garance Victoire Constance Hortense Blandine Ségolène "
    "Eugénie Aïcha Khadija"
)
FRENCH_MEN = _words(
    "Thomas Nicolas Julien Antoine Alexandre Maxime Pierre Quentin Guillaume Romain Lucas Hugo Clément "
    "Benjamin Mathieu François Jean Philippe Michel Alain Stéphane Frédéric Sébastien Jérôme Olivier "
    "Laurent Vincent David Éric Rémi Théo Léo Louis Gabriel Arthur Paul Adrien Baptiste Florian Kévin "
    "Loïc Yann Gaël Jean-François Jean-Pierre Jean-Luc Jean-Marc Pierre-Yves Marc-André Jean-Sébastien "
    "Paul-Émile Étienne Xavier Cédric Grégory Ludovic Thibault Tristan Raphaël Noé Mehdi Karim Youssef "
    "Ibrahim Amadou Moussa Gilles Réjean Normand Yvon Gaétan Maxence Côme Ambroise Gontran Hippolyte "
    "Zacharie Ulysse Barnabé"
)
ENGLISH_WOMEN = _words(
    "Emily Sarah Jessica Emma Olivia Katherine Jennifer Elizabeth Hannah Megan Rachel Amanda Claire "
    "Heather Margaret Susan Deborah Rebecca Victoria Charlotte Abigail Grace Chloe Zoe Nora Fiona Maeve "
    "Siobhan Mary-Ann Priya Mei Aisha Leila Ingrid Bethany Gwendolyn Philippa Rosalind"
)
ENGLISH_MEN = _words(
    "James Michael William Daniel Matthew Robert Andrew Thomas Christopher Joseph Ryan David Jonathan "
    "Alexander Benjamin Samuel Nicholas Edward Patrick Kevin Sean Liam Noah Ethan Owen Connor Gregory "
    "Peter Timothy Raj Wei Omar Duncan Alistair Angus Fergus Jean-Paul Rupert Leopold"
)
GERMAN_WOMEN = _words(
    "Anna Julia Sabine Katharina Laura Petra Susanne Monika Claudia Lena Andrea Nicole Stefanie Marie "
    "Ursula Karin Birgit Christina Lea Johanna Ingrid Heike Martina Franziska Jana Renate Ulrike Kerstin "
    "Elke Sophie Hannah Antje Jutta Gudrun Silke Annegret Käthe Jördis Anna-Lena Ann-Kathrin Hildegard "
    "Wiebke"
)
GERMAN_MEN = _words(
    "Michael Thomas Andreas Stefan Christian Peter Markus Klaus Jürgen Wolfgang Martin Daniel Tobias Frank "
    "Jan Maximilian Lukas Felix Uwe Bernd Johannes Jonas Matthias Florian Dirk Günter Sebastian Leon Ralf "
    "Hans-Peter Karl-Heinz Björn Jörg Götz Hans-Jürgen Karl-Otto Detlef Rüdiger Lothar Emil Ansgar"
)
FRENCH_LAST = (
    *_words(
        "Martin Bernard Dubois Thomas Robert Richard Petit Durand Leroy Moreau Simon Laurent Lefebvre Michel "
        "Garcia David Bertrand Roux Vincent Fournier Morel Girard André Lefèvre Mercier Dupont Lambert "
        "Bonnet François Martinez Legrand Garnier Faure Rousseau Blanc Guérin Muller Henry Roussel "
        "Nicolas Perrin Morin Mathieu Clément Gauthier Dumont Lopez Fontaine Chevalier Robin Masson "
        "Sanchez Gérard Nguyen Boyer Denis Lemaire Duval Joly Gautier Roger Roche Roy Noël Meyer Lucas "
        "Meunier Jean Perez Marchand Dufour Blanchard Marie Barbier Brun Dumas Brunet Schmitt Leroux "
        "Colas Fernandez Renard Arnaud Rolland Caron Aubert Giraud Lacroix Bénard Lefort Delmas Chauvet "
        "Besnard Cordier Hervé Delorme Ferrand Guichard Jacquet Lebrun Maillard Peltier Quéré Rivière "
        "Salaün Tessier Vasseur Weber Zeller Benali Diallo Traoré Haddad Cissé Charbonnier Delahaye "
        "Estève Fouquet Gaillard Hamelin Imbert Jourdan Kerbrat Lhermitte Malherbe Nédélec"
    ),
    "de La Tour",
    "Le Gall",
    "Le Goff",
    "d'Arcy",
    "du Bois",
    "de Villiers",
    "Saint-Martin",
    "Martin-Dupont",
    "Petit-Jean",
    "L'Hostis",
    "Le Roux-Kerjean",
    "de Saint-Aubin",
    "Dupuis-Lacombe",
    "van Hove",
)
QUEBEC_LAST = (
    *_words(
        "Tremblay Gagnon Roy Côté Bouchard Gauthier Morin Lavoie Fortin Gagné Ouellet Pelletier Bélanger "
        "Lévesque Bergeron Leblanc Paquette Girard Simard Boucher Caron Beaulieu Cloutier Dubé Poirier "
        "Fournier Lapointe Leclerc Lefebvre Poulin Thibault Nadeau Martel Grenier Lachance Hébert Desjardins "
        "Couture Turcotte Lessard Bédard Therrien Vachon Landry Gendron Dufresne Rochefort Villeneuve "
        "Charbonneau"
    ),
    "St-Pierre",
    "St-Onge",
    "Côté-Fortin",
    "Tremblay-Roy",
    "De Champlain",
    "Gagnon-Lévesque",
)
BELGIAN_LAST = (
    *_words(
        "Peeters Janssens Maes Jacobs Willems Mertens Claes Goossens Wouters Dubois Lambert Dupont Martin "
        "Simon Laurent Leroy Denis Lejeune Hubert Collard Thiry Gilles Lemaire Renard Delvaux Noël Servais "
        "Collignon Henrard Delfosse Piron Masset"
    ),
    "Van den Berghe",
    "De Smet",
    "De Clercq",
    "Vander Elst",
    "Van Damme",
    "d'Udekem",
    "Le Maire",
)
ENGLISH_LAST = (
    *_words(
        "Smith Brown Wilson Campbell Taylor Anderson MacDonald Scott Johnson Clark Murphy Kelly Reid Walker "
        "Young Thompson Stewart Mitchell Ryan Fraser Graham Hughes Sullivan Kennedy Singh Patel Chen Wong "
        "Cohen Goldberg Byrne Wright Baker Hall Green Cooper Bennett Marshall"
    ),
    "O'Brien",
    "O'Connor",
    "McLean",
    "Smith-Jones",
    "MacLeod-Hart",
    "St. John",
)
GERMAN_LAST = (
    *_words(
        "Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer Koch Bauer "
        "Richter Klein Wolf Schröder Neumann Schwarz Zimmermann Braun Krüger Hofmann Hartmann Lange "
        "Schmitt Werner Krause Meier Lehmann Schmid Schulze Maier Köhler Herrmann König Walter Mayer Huber "
        "Kaiser Fuchs Peters Lang Scholz Möller Weiß Jung Hahn Schubert Vogel Friedrich Keller Günther "
        "Frank Berger Winkler Roth Beck Lorenz Baumann Franke Albrecht Schuster Simon Ludwig Böhm Winter "
        "Kraus Martin Schumacher Krämer Vogt Stein Jäger Otto Sommer Groß Seidel Heinrich Brandt Haas "
        "Schreiber Graf Dietrich Ziegler Kuhn"
    ),
    "von Berg",
    "Müller-Lüdenscheid",
    "Meyer-Brandt",
    "zur Linden",
)

# How people shorten themselves. The first form is the commonest.
# fmt: off
NICKNAMES: dict[str, tuple[str, ...]] = {
    "Jean-François": ("JF", "Jeff", "Jean-Fran"), "Jean-Pierre": ("JP", "Jean Pierre"),
    "Jean-Luc": ("JL",), "Jean-Marc": ("JM",), "Pierre-Yves": ("PY",), "Marc-André": ("Marc", "MA"),
    "Jean-Sébastien": ("JS", "Seb"), "Anne-Sophie": ("Anne-So", "Sophie"), "Marie-Claire": ("Marie",),
    "Anne-Laure": ("Anne",), "Marie-Ève": ("Marie",), "Marie-Hélène": ("Marie", "MH"),
    "Alexandre": ("Alex",), "Nicolas": ("Nico",), "Thomas": ("Tom",), "Guillaume": ("Guigui",),
    "Benjamin": ("Ben",), "Sébastien": ("Seb",), "Frédéric": ("Fred",), "Philippe": ("Phil",),
    "Mathieu": ("Math",), "Maxime": ("Max",), "Stéphanie": ("Steph",), "Stéphane": ("Steph",),
    "Christopher": ("Chris",), "Isabelle": ("Isa",), "Nathalie": ("Nath",), "Valérie": ("Val",),
    "Élodie": ("Elo",), "Charlotte": ("Charlie",), "Mathilde": ("Mathou",), "Vincent": ("Vince",),
    "Katherine": ("Kate", "Katie"), "Jennifer": ("Jen", "Jenny"), "Elizabeth": ("Liz", "Beth"),
    "Margaret": ("Meg", "Peggy"), "Rebecca": ("Becky",), "Michael": ("Mike",), "William": ("Bill", "Will"),
    "Robert": ("Bob", "Rob"), "Matthew": ("Matt",), "Daniel": ("Dan",), "Andrew": ("Andy",),
    "Joseph": ("Joe",), "Jonathan": ("Jon",), "Samuel": ("Sam",), "James": ("Jim", "Jamie"),
    "Edward": ("Ted", "Ed"), "Patrick": ("Pat",), "Susan": ("Sue",), "Deborah": ("Deb",),
    "Katharina": ("Kathi", "Kati"), "Maximilian": ("Max", "Maxi"), "Johannes": ("Hannes",),
    "Tobias": ("Tobi",), "Stefanie": ("Steffi",), "Susanne": ("Susi",), "Franziska": ("Franzi",),
    "Matthias": ("Matze",),
}
# fmt: on

COMPANIES = tuple(
    f"{head} {tail}"
    for head in _words("Atelier Cabinet Menuiserie Studio Agence Groupe Boulangerie Garage")
    for tail in ("Lumen", "du Port", "Kéréon", "des Halles", "Boréal", "Vauban", "Mistral", "Nord")
)

# fmt: off
STREETS = {
    "FR": (
        "rue des Lilas", "rue de la République", "avenue Jean-Jaurès", "chemin des Vignes",
        "place de l'Église", "boulevard Voltaire", "impasse du Moulin", "rue Victor-Hugo",
        "allée des Tilleuls", "quai de la Fontaine",
    ),
    "CA": (
        "rue Saint-Denis", "rue Sherbrooke Ouest", "boulevard Laurier", "chemin Sainte-Foy",
        "rue Principale", "avenue du Parc", "rang Saint-Joseph", "rue Wellington", "avenue Maguire",
        "3e Avenue",
    ),
    "BE": (
        "rue de la Loi", "chaussée de Waterloo", "rue Haute", "avenue Louise", "place du Marché",
        "rue des Guillemins", "boulevard d'Avroy", "rue de Fer", "drève du Prieuré", "rue Neuve",
    ),
    "DE": (
        "Hauptstraße", "Bahnhofstraße", "Gartenstraße", "Dorfstraße", "Bergstraße", "Lindenstraße",
        "Kirchweg", "Am Markt", "Goethestraße", "Mühlenweg",
    ),
    "GB": (
        "High Street", "Station Road", "Church Lane", "Park Avenue", "Victoria Road", "Mill Lane",
        "The Crescent", "Queens Road", "Kings Close", "Orchard Way",
    ),
    "US": (
        "Main Street", "Oak Street", "2nd Avenue", "Maple Drive", "Washington Boulevard", "Cedar Lane",
        "Lake Road", "Park Place", "Sunset Court", "Hill Street",
    ),
}
TOWNS = {
    "FR": (
        ("Paris", "75011"), ("Lyon", "69003"), ("Marseille", "13006"), ("Toulouse", "31000"),
        ("Nantes", "44000"), ("Bordeaux", "33000"), ("Lille", "59000"), ("Rennes", "35000"),
        ("Strasbourg", "67000"), ("Montpellier", "34000"), ("Brest", "29200"), ("Grenoble", "38000"),
        ("Dijon", "21000"), ("Angers", "49000"), ("Saint-Étienne", "42000"), ("Le Mans", "72000"),
        ("Besançon", "25000"), ("Orléans", "45000"), ("Bourg-en-Bresse", "01000"),
        ("L'Haÿ-les-Roses", "94240"),
    ),
    "CA": (
        ("Montréal", "H2X 1Y4"), ("Québec", "G1R 4P5"), ("Laval", "H7N 5H9"), ("Gatineau", "J8X 3X2"),
        ("Longueuil", "J4K 1A1"), ("Sherbrooke", "J1H 1Z1"), ("Saguenay", "G7H 5B1"),
        ("Lévis", "G6V 3T4"), ("Trois-Rivières", "G9A 5H7"), ("Saint-Jérôme", "J7Z 5V2"),
    ),
    "BE": (
        ("Bruxelles", "1000"), ("Liège", "4000"), ("Namur", "5000"), ("Charleroi", "6000"),
        ("Mons", "7000"), ("Wavre", "1300"), ("Ottignies-Louvain-la-Neuve", "1340"),
        ("Verviers", "4800"),
    ),
    "DE": (
        ("Berlin", "10115"), ("Hamburg", "20095"), ("München", "80331"), ("Köln", "50667"),
        ("Frankfurt am Main", "60311"), ("Stuttgart", "70173"), ("Düsseldorf", "40213"), ("Leipzig", "04109"),
        ("Bremen", "28195"), ("Nürnberg", "90402"), ("Freiburg", "79098"), ("Münster", "48143"),
    ),
    "GB": (
        ("London", "SW1A 1AA"), ("Birmingham", "B1 1AA"), ("Manchester", "M1 1AE"), ("Leeds", "LS1 1UR"),
        ("Bristol", "BS1 4DJ"), ("Glasgow", "G1 1XQ"), ("Edinburgh", "EH1 1YZ"), ("Cardiff", "CF10 1EP"),
        ("Newcastle upon Tyne", "NE1 4ST"), ("Bath", "BA1 1SU"),
    ),
    "US": (
        ("New York", "10001"), ("Chicago", "60601"), ("Houston", "77002"), ("Seattle", "98101"),
        ("Boston", "02108"), ("Denver", "80202"), ("Portland", "97201"), ("Austin", "78701"),
        ("Atlanta", "30303"), ("Springfield", "62701"),
    ),
}
# fmt: on
