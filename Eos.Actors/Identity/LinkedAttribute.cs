namespace Eos.Identity;

/// <summary>An attribute that directories take from another one, to which they are linked.</summary>
/// <param name="Link">The path of that directory, as it is written where it is linked.</param>
/// <param name="Key">Empty: says only that it is known what that directory has.</param>
public sealed record LinkedAttribute(string Link, string Key, string Value);
