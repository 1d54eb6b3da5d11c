package io.rona.privacy.ledger;

import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;

/**
 * Where in which PostgreSQL database a ledger is, and who asks for it.
 *
 * <p>User and password are never part of the URL, so that the URL can stand in configurations and
 * messages. The text form shows neither them nor the URL's parameters. Of the parameters the driver
 * knows, only those about the schema, TLS and time limits are allowed: others could make it load
 * classes or write files.
 *
 * <p>Immutable.
 */
public final class PostgresAddress {
  /** What the URL of a ledger in PostgreSQL begins with. */
  public static final String PREFIX = "jdbc:postgresql:";

  /** The schema that holds the ledger where the URL's {@code currentSchema} names no other. */
  public static final String DEFAULT_SCHEMA = "rona";

  private static final Set<String> PARAMETERS =
      Set.of(
          "currentSchema",
          "ssl",
          "sslmode",
          "sslrootcert",
          "sslcert",
          "sslkey",
          "channelBinding",
          "connectTimeout",
          "socketTimeout",
          "targetServerType");
  private static final Pattern SCHEMA = Pattern.compile("[a-z_][a-z0-9_]{0,62}");
  private static final String HOST = "([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+])(:[0-9]{1,5})?";
  private static final Pattern PLACE =
      Pattern.compile("//" + HOST + "(," + HOST + ")*/[A-Za-z0-9._-]+");
  private static final int MAX_LENGTH = 2000;

  private final String place;
  private final String schema;
  private final Map<String, String> parameters;
  private final @Nullable String user;
  private final @Nullable String password;

  private PostgresAddress(
      String place,
      Map<String, String> parameters,
      @Nullable String user,
      @Nullable String password) {
    this.place = place;
    this.parameters = parameters;
    this.schema = parameters.getOrDefault("currentSchema", DEFAULT_SCHEMA);
    this.user = user;
    this.password = password;
  }

  /**
   * Tells whether a setting means a ledger in PostgreSQL.
   *
   * @param setting any text
   * @return whether it begins like a URL of the driver, in capitals or not
   */
  public static boolean matches(String setting) {
    return setting.toLowerCase(Locale.ROOT).startsWith(PREFIX);
  }

  /**
   * Reads a URL.
   *
   * @param url {@code jdbc:postgresql://HOST[:PORT]/DATABASE[?PARAMETER=VALUE&...]}, without user
   *     and password
   * @param user whom to connect as, or null for the name of the process's user
   * @param password their password, or null if the server asks for none
   * @return the address
   * @throws IllegalArgumentException if the URL has another form, holds credentials or parameters
   *     that are not allowed; the message does not repeat it
   */
  public static PostgresAddress of(String url, @Nullable String user, @Nullable String password) {
    int end = url.indexOf('?');
    String base = end < 0 ? url : url.substring(0, end);
    boolean good =
        url.length() <= MAX_LENGTH
            && base.startsWith(PREFIX)
            && PLACE.matcher(base.substring(PREFIX.length())).matches();
    if (!good) {
      throw new IllegalArgumentException(
          "the URL of a ledger must be " + PREFIX + "//HOST[:PORT]/DATABASE, without credentials");
    }
    Map<String, String> parameters = parameters(end < 0 ? "" : url.substring(end + 1));
    String schema = parameters.getOrDefault("currentSchema", DEFAULT_SCHEMA);
    if (!SCHEMA.matcher(schema).matches()) {
      throw new IllegalArgumentException(
          "currentSchema must be one name of lower-case letters, digits and _");
    }
    if (Driver.parseURL(base, new Properties()) == null) {
      throw new IllegalArgumentException("the URL of a ledger must be one that the driver knows");
    }
    return new PostgresAddress(base, parameters, user, password);
  }

  private static Map<String, String> parameters(String query) {
    Map<String, String> parameters = new TreeMap<>();
    for (String part : query.isEmpty() ? new String[0] : query.split("&", -1)) {
      int middle = part.indexOf('=');
      String name = middle < 0 ? part : part.substring(0, middle);
      boolean plain = middle >= 0 && part.indexOf('%') < 0;
      if (!plain || !PARAMETERS.contains(name)) {
        throw new IllegalArgumentException(
            "the URL of a ledger may have the parameters "
                + String.join(", ", PARAMETERS.stream().sorted().toList())
                + " only, without escapes; user and password are given apart");
      }
      parameters.put(name, part.substring(middle + 1));
    }
    return parameters;
  }

  /**
   * Returns the schema that holds the ledger.
   *
   * @return a name that needs no quotes
   */
  public String schema() {
    return schema;
  }

  /** The URL that the driver is given; everything else stands in {@link #properties}. */
  String url() {
    return place;
  }

  Properties properties() {
    Properties properties = new Properties();
    properties.setProperty("tcpKeepAlive", "true");
    properties.setProperty("connectTimeout", "30");
    properties.setProperty("ApplicationName", "rona");
    // Details of an error quote rows and statements.
    properties.setProperty("logServerErrorDetail", "false");
    parameters.forEach(properties::setProperty);
    if (user != null) {
      properties.setProperty("user", user);
    }
    if (password != null) {
      properties.setProperty("password", password);
    }
    return properties;
  }

  /** Shows where the ledger is: host, database and schema. */
  @Override
  public String toString() {
    return place.substring("jdbc:".length()) + " schema " + schema;
  }
}
