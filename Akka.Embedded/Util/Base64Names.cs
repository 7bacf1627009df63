namespace Akka.Util;

/// <summary>Names of actors that were given none: "$a", "$b", … in Akka's base-64 digits.</summary>
internal static class Base64Names
{
    private const string Digits = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+~";

    public static string Of(long number, string prefix = "$")
    {
        Span<char> text = stackalloc char[12];
        var n = 0;
        do
        {
            text[n++] = Digits[(int)(number & 63)];
            number >>= 6;
        } while (number != 0);
        return string.Concat(prefix, text[..n]);
    }
}
